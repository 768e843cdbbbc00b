"""Who changed what, and when."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import final
from uuid import UUID

from prilavok.domain.history import Change, ListChanges
from prilavok.domain.paging import Stretch
from prilavok.repositories.transaction import Reading
from prilavok.services.batches import read_whole


@final
@dataclass(frozen=True, slots=True)
class HistoryService:
    """Shows the history that the database keeps."""

    reading: Reading

    async def get(self, change_id: UUID) -> Change:
        """Show one change."""
        async with self.reading() as repositories:
            return await repositories.history.get(change_id)

    async def list_stretch(self, query: ListChanges) -> Stretch[Change]:
        """Show part of the changes, newest first."""
        async with self.reading() as repositories:
            return await repositories.history.get_stretch(query)

    def stream(self, query: ListChanges) -> AsyncIterator[Change]:
        """Show all changes that pass the filters."""
        return read_whole(
            self.reading,
            lambda repositories, after: repositories.history.get_batch(query, after),
        )

    async def list_of_user(self, query: ListChanges) -> Stretch[Change]:
        """Show part of the changes of one account, also when it is gone."""
        async with self.reading() as repositories:
            stretch = await repositories.history.get_stretch(query)
            is_unknown = not stretch.items and query.after is None
            if is_unknown and query.row_id is not None:
                await repositories.users.get(query.row_id)
        return stretch
