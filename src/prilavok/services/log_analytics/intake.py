"""Logs on their way in: kept, queued, and never queued twice for one key."""

from asyncio import to_thread
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass, field, replace
from hashlib import file_digest, sha256
from typing import Any, Final, final
from uuid import uuid4

from prilavok.clients.log_places import LogPlaces
from prilavok.domain.access import Actor
from prilavok.domain.errors import Invalid
from prilavok.domain.faults import Fault
from prilavok.domain.import_jobs import (
    AcceptedImport,
    BringPath,
    KeyReused,
    LogPlace,
    NewImport,
    OwnedKey,
    Upload,
)
from prilavok.domain.imports import UnreadableLog
from prilavok.repositories.transaction import Repositories, Transaction
from prilavok.services.alarm import Alarm
from prilavok.services.log_analytics.import_room import ImportRoom
from prilavok.services.retries import retry_collisions

UPLOADS: Final = "logs"
# How much is written before the room is looked at again; 16 MiB.
CHECKED_BYTES: Final = 16_777_216


@final
@dataclass(slots=True)
class _Measured:
    """Counts and hashes what passes, for as long as there is room for more."""

    chunks: AsyncIterable[bytes]
    room: ImportRoom
    size: int = 0
    digest: Any = field(default_factory=sha256)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self.chunks:
            if (self.size + len(chunk)) // CHECKED_BYTES > self.size // CHECKED_BYTES:
                # Others are writing, too, and not everybody says how much will come.
                await self.room.check(0)
            self.size += len(chunk)
            self.digest.update(chunk)
            yield chunk


@final
@dataclass(frozen=True, slots=True)
class ImportIntake:
    """Takes logs from people; workers bring them in."""

    places: LogPlaces
    room: ImportRoom
    transaction: Transaction
    alarm: Alarm

    async def take(
        self,
        actor: Actor,
        brought: Upload | BringPath,
        key: str | None,
    ) -> AcceptedImport:
        """Queue a log. Where the key came before, the answer is that of then.

        Raises ``KeyReused`` when it came with another file, ``TooManyImports`` when
        this user has too many unfinished ones, ``FileStoreFull``.
        """
        if isinstance(brought, Upload):
            accepted = await self._take_upload(actor, brought, key)
        else:
            accepted = await self._take_path(actor, brought, key)
        await self.alarm.ring("import-log", id=accepted.id)
        return accepted

    async def _take_upload(
        self,
        actor: Actor,
        upload: Upload,
        key: str | None,
    ) -> AcceptedImport:
        """Keep a log while it arrives; nothing stays of one that is cut off."""
        await self.room.check(upload.size)
        await self._check_queue(actor, _owned(actor, key))
        stored = f"{UPLOADS}/{uuid4().hex}"
        measured = _Measured(upload.chunks, self.room)
        await self.places.files.put(stored, aiter(measured))
        new = NewImport(
            upload.name,
            LogPlace(upload=stored),
            measured.size,
            measured.digest.hexdigest(),
        )
        try:
            accepted = await self._queue(actor, new, key)
        except BaseException:
            await self.places.files.remove(stored)
            raise
        if accepted.is_repeated:
            await self.places.files.remove(stored)
        return accepted

    @retry_collisions
    async def _check_queue(self, actor: Actor, owned: OwnedKey | None) -> None:
        """Refuse before anything of the log is taken, unless it was taken before."""
        async with self.transaction(actor) as repositories:
            if owned is not None and await repositories.imports.keys.find(owned):
                return
            await self.room.claim(actor, repositories)

    async def _take_path(
        self,
        actor: Actor,
        command: BringPath,
        key: str | None,
    ) -> AcceptedImport:
        """Queue a file inside LOG_IMPORT_DIR; it must be there now and stay there."""
        try:
            new = await to_thread(self._look_at, command.path, key is not None)
        except UnreadableLog as error:
            raise Invalid({"/path": Fault(error.detail, error.code)}) from error
        return await self._queue(actor, new, key)

    def _look_at(self, path: str, is_hashed: bool) -> NewImport:
        with self.places.open(LogPlace(path=path)) as stream:
            digest = file_digest(stream, "sha256").hexdigest() if is_hashed else ""
            stream.seek(0, 2)
            return NewImport(path, LogPlace(path=path), stream.tell(), digest)

    @retry_collisions
    async def _queue(
        self,
        actor: Actor,
        new: NewImport,
        key: str | None,
    ) -> AcceptedImport:
        owned = _owned(actor, key)
        async with self.transaction(actor) as repositories:
            known = await _find_known(repositories, owned, new)
            if known is not None:
                return known
            await self.room.claim(actor, repositories)
            import_id = await repositories.imports.add(new, actor.user_id)
            accepted = AcceptedImport(import_id, new.name, new.bytes_total)
            if owned is not None:
                await repositories.imports.keys.add(owned, accepted, new.digest)
        return accepted


async def _find_known(
    repositories: Repositories,
    owned: OwnedKey | None,
    new: NewImport,
) -> AcceptedImport | None:
    """Return the first answer to a key; nobody else may use it meanwhile."""
    if owned is None:
        return None
    await repositories.imports.keys.lock(owned)
    known = await repositories.imports.keys.find(owned)
    if known is None:
        return None
    digest, accepted = known
    if digest != new.digest:
        raise KeyReused({"": "This Idempotency-Key came with another file before."})
    return replace(accepted, is_repeated=True)


def _owned(actor: Actor, key: str | None) -> OwnedKey | None:
    """Bind a key to whoever sent it, so that nobody can guess another's answer."""
    if key is None or actor.user_id is None:
        return None
    return OwnedKey(actor.user_id, key)
