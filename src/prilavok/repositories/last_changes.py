"""Who changed a row last, and when."""

from types import MappingProxyType
from typing import Any, Final, final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.history import Author, LastChange
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.tables.accounts import HistoryRow, RoleRow, UserRow
from prilavok.repositories.tables.players import PlayerRow
from prilavok.repositories.tables.sources import SourceRow


def _last(row: Any) -> HotRead:
    """Read the time of the last change, and its author where history has just it.

    History is written after the row. What is older than the row is about an earlier
    change: plays, for one, make versions that history does not have.
    """
    newest = (
        select(HistoryRow.at, HistoryRow.actor_id, HistoryRow.actor_login)
        .where(
            HistoryRow.table_name == row.__tablename__,
            HistoryRow.row_id == bindparam("id"),
        )
        .order_by(HistoryRow.id.desc())
        .limit(1)
        .subquery()
    )
    is_it = newest.c.at >= row.updated_at
    return HotRead(
        select(row.updated_at, newest.c.actor_id, newest.c.actor_login)
        .outerjoin(newest, is_it)
        .where(row.id == bindparam("id")),
    )


READS: Final = MappingProxyType[str, HotRead](
    {row.__tablename__: _last(row) for row in (UserRow, RoleRow, SourceRow, PlayerRow)},
)


@final
class LastChangeRepository:
    """Reads what a writer is told whose version is no longer the one that stands."""

    def __init__(self, session: AsyncSession) -> None:
        """Read inside the caller's transaction."""
        self._session = session

    async def find(self, table: str, row_id: UUID) -> LastChange | None:
        """Read of one row, None when it is gone."""
        rows = await READS[table].fetch(self._session, id=row_id)
        if not rows:
            return None
        moment, actor_id, login = rows[0]
        return LastChange(actor_id and Author(actor_id, login or ""), moment)
