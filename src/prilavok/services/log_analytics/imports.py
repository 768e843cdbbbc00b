"""The imports there are: listed, cancelled, and taken out again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, final
from uuid import UUID

from prilavok.domain.access import Actor
from prilavok.domain.import_jobs import ListImports, ListRejected, RejectedStretch
from prilavok.domain.imports import Import, ImportRunning, ImportState
from prilavok.domain.paging import Page
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.repositories.log_imports.store import LogSession, LogStore
from prilavok.repositories.transaction import Reading, Transaction
from prilavok.services.alarm import Alarm

# Whoever has just ended an import lets go of it an instant later.
HOLD_ATTEMPTS: Final = 20
HOLD_PAUSE_SECONDS: Final = 0.05

TakeOut: TypeAlias = Callable[[LogRepositories, int], Awaitable[None]]


@final
@dataclass(frozen=True, slots=True)
class ImportService:
    """What can be done with imports once they were started."""

    store: LogStore
    reading: Reading
    transaction: Transaction
    alarm: Alarm

    async def find_all(self) -> Sequence[Import]:
        """Return all imports, newest first."""
        async with self.store.session() as session:
            return await session.reading().imports.find_all()

    async def list_page(self, query: ListImports) -> Page[Import]:
        """Return one page of the imports, newest first."""
        async with self.reading() as repositories:
            return await repositories.imports.get_page(query)

    async def get(self, import_id: UUID) -> Import:
        """Return one import, or raise ``UnknownImport``."""
        async with self.reading() as repositories:
            return await repositories.imports.get(import_id)

    async def find_rejected(
        self,
        import_id: UUID,
        query: ListRejected,
    ) -> RejectedStretch:
        """Return rejected lines of an import, or raise ``UnknownImport``."""
        async with self.reading() as repositories:
            await repositories.imports.get(import_id)
            lines = await repositories.imports.find_rejected(import_id, query)
        more = len(lines) == query.limit
        return RejectedStretch(lines, str(lines[-1].line) if more else None)

    async def cancel(self, actor: Actor, import_id: UUID) -> bool:
        """Cancel an import; tell whether it had not ended, or raise ``UnknownImport``.

        Whoever works on it sees that before its next commit, and takes its lines out.
        """
        async with self.transaction(actor) as repositories:
            was_active = await repositories.imports.cancel(import_id)
            found = await repositories.imports.get(import_id)
        if was_active:
            await self.alarm.ring("import-log", id=import_id)
        return found.state is ImportState.CANCELLED and found.finished_at is None

    async def remove(self, actor: Actor, import_id: UUID) -> bool:
        """Cancel an import that has not ended, else delete it; tell which (True)."""
        # Before the decision, so that nothing comes between that and its effect.
        await asyncio.to_thread(_load_take_out)
        if await self.cancel(actor, import_id):
            return False
        await self.delete(import_id)
        return True

    async def delete(self, import_id: UUID) -> None:
        """Take an import's lines out of everything, as if they had never come.

        Raises ``UnknownImport``, or ``ImportRunning`` while somebody works on it.
        """
        take_out = await asyncio.to_thread(_load_take_out)
        async with self.store.session() as session:
            await _hold(session, import_id)
            async with session.over_all() as logs:
                number = await logs.imports.find_number(import_id)
                await take_out(logs, number)
                await logs.imports.remove(number)

    async def count_ever(self) -> int:
        """Count all imports that ever started, deleted ones included."""
        async with self.store.session() as session:
            return await session.reading().imports.count_ever()


def _load_take_out() -> TakeOut:
    """Load polars in a thread, so that a web process goes on answering meanwhile."""
    from prilavok.services.log_analytics.taking_out import take_out

    return take_out


async def _hold(session: LogSession, import_id: UUID) -> None:
    for _ in range(HOLD_ATTEMPTS):
        if await session.hold(import_id):
            return
        found = await session.reading().imports.get(import_id)
        if not found.has_ended:
            break
        await asyncio.sleep(HOLD_PAUSE_SECONDS)
    raise ImportRunning("This import has not ended yet.")
