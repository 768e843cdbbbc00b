"""The imports there are: listed, and taken out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final
from uuid import UUID

from prilavok.domain.imports import Import, ImportRunning
from prilavok.repositories.log_imports.store import LogRepositories, LogStore
from prilavok.services.log_analytics.cart_writer import settle_votes


@final
@dataclass(frozen=True, slots=True)
class ImportService:
    """What can be done with imports once they were started."""

    store: LogStore

    async def find_all(self) -> Sequence[Import]:
        """Return all imports, newest first."""
        async with self.store.session() as session:
            return await session.reading().imports.find_all()

    async def delete(self, import_id: UUID) -> None:
        """Take an import's lines out of everything, as if they had never come.

        Raises ``UnknownImport``, or ``ImportRunning`` while somebody works on it.
        """
        async with self.store.session() as session:
            if not await session.hold(import_id):
                raise ImportRunning("This import has not ended yet.")
            async with session.over_all() as logs:
                await _delete(logs, await logs.imports.find_number(import_id))

    async def count_ever(self) -> int:
        """Count all imports that ever started, deleted ones included."""
        async with self.store.session() as session:
            return await session.reading().imports.count_ever()


async def _delete(logs: LogRepositories, number: int) -> None:
    touched = await logs.deletion.find_carts(number)
    payers = await logs.deletion.find_payers(number)
    votes = await logs.deletion.find_lost_votes(number)
    await logs.deletion.delete_lines(number)
    touched |= await logs.carts.add_votes(votes)
    touched |= await logs.carts.find_paid_elsewhere(payers)
    await logs.carts.count(touched)
    # Lines that are left may have lost the event that they voted by.
    await settle_votes(logs)
