"""Working off imports, in a process that does background work."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, final
from uuid import UUID

from prilavok.clients.log_places import LogPlaces
from prilavok.domain.errors import Unavailable
from prilavok.domain.import_jobs import ImportTask
from prilavok.domain.imports import (
    ImportCancelled,
    ImportCounts,
    ImportState,
    UnreadableLog,
)
from prilavok.repositories.log_imports.store import LogSession
from prilavok.services.log_analytics.ending import clear, finish
from prilavok.services.log_analytics.importer import INTERRUPTED, Importer
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.parsed import Rejections
from prilavok.services.log_analytics.read_limits import ReadLimits

logger = logging.getLogger(__name__)
BEAT_SECONDS: Final = 10


class Stopped(Exception):
    """This process is to stop; somebody else goes on."""


@final
@dataclass(frozen=True, slots=True)
class _Stopper:
    """Stops an import after a block."""

    is_stopping: Callable[[], bool]

    def see_progress(self, counts: ImportCounts) -> None:
        """Stop where that is wanted."""
        if self.is_stopping():
            raise Stopped

    def see_rejected(self, rejected: Rejections) -> None:
        """Look away: they are stored."""


@final
@dataclass(frozen=True, slots=True)
class ImportRunner:
    """One import at a time a process: their writing takes turns anyway."""

    importer: Importer
    places: LogPlaces
    limits: ReadLimits
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def work(self, wanted: UUID, is_stopping: Callable[[], bool]) -> None:
        """Work on this import, then on whatever waits; at once when busy already.

        An import is advanced by one process only: it holds an advisory lock.
        """
        if self.turn.locked():
            return
        async with self.turn:
            following: UUID | None = wanted
            while following is not None and not is_stopping():
                await self._work_on(following, is_stopping)
                following = await self._find_next(following)

    async def _find_next(self, done: UUID) -> UUID | None:
        async with self.importer.store.session() as session:
            waiting = await session.reading().tasks.find_unfinished(2)
        return next((one for one in waiting if one != done), None)

    async def _work_on(self, import_id: UUID, is_stopping: Callable[[], bool]) -> None:
        async with self.importer.store.session() as session:
            if not await session.hold(import_id):
                return
            task = await session.reading().tasks.find(import_id)
            if task is None:
                return
            async with self._beating(import_id):
                try:
                    await self._advance(session, task, _Stopper(is_stopping))
                except Stopped:
                    logger.info("import left", extra={"import_id": str(import_id)})
                    return
        if task.place.upload is not None:
            await self.places.files.remove(task.place.upload)

    async def _advance(
        self,
        session: LogSession,
        task: ImportTask,
        watcher: _Stopper,
    ) -> None:
        if not await session.reading().tasks.begin(task.id):
            await clear(session, task)
            return
        try:
            await self._bring_in(session, task, watcher)
        except ImportCancelled:
            await clear(session, task)
        except (Stopped, Unavailable):
            raise
        except Exception as error:
            await _note_fault(session, task, error)

    async def _bring_in(
        self,
        session: LogSession,
        task: ImportTask,
        watcher: _Stopper,
    ) -> None:
        if task.place.upload is None and task.place.path is None:
            # Whoever ran it by hand is gone, and the log with him.
            await finish(session, task.id, ImportState.FAILED, INTERRUPTED)
            return
        try:
            with self.places.open(task.place) as stream:
                log = await asyncio.to_thread(
                    LogFile,
                    task.name,
                    stream,
                    task.bytes_total,
                    self.limits,
                )
                await self.importer.advance(session, task, log, watcher)
        except UnreadableLog as error:
            await finish(session, task.id, ImportState.FAILED, error.detail)

    @asynccontextmanager
    async def _beating(self, import_id: UUID) -> AsyncIterator[None]:
        """Say every few seconds that this process is alive."""
        ended = asyncio.Event()
        beating = asyncio.create_task(self._beat(import_id, ended))
        try:
            yield
        finally:
            ended.set()
            await beating

    async def _beat(self, import_id: UUID, ended: asyncio.Event) -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), BEAT_SECONDS)
            with suppress(Unavailable):
                # Without a database the import fails by itself.
                async with self.importer.store.session() as session:
                    await session.reading().tasks.beat(import_id)


async def _note_fault(
    session: LogSession,
    task: ImportTask,
    error: Exception,
) -> None:
    """End the import for a fault of ours, which would come again and again.

    A lost connection or a full disk is none: whoever lent the session says so, and the
    import goes on later.
    """
    if session.may_work_later(error):
        raise error
    logger.error(
        "import failed",
        exc_info=error,
        extra={"import_id": str(task.id)},
    )
    await finish(session, task.id, ImportState.FAILED, "internal error")
