"""The stored history of changes; this service can only read it."""

from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, final
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Text, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.errors import NotFound
from prilavok.domain.history import Author, Change, ListChanges
from prilavok.domain.paging import Batch, Stretch
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.tables.accounts import HistoryRow

MOMENT: Final = DateTime(timezone=True)
# A change may hold all the columns of a row twice.
BATCH_ROWS: Final = 500
FILTERS: Final = MappingProxyType[str, ColumnElement[bool]](
    {
        "table": HistoryRow.table_name == bindparam("table"),
        "row_id": HistoryRow.row_id == bindparam("row_id"),
        "actor_id": HistoryRow.actor_id == bindparam("actor_id"),
        "operation": HistoryRow.operation == bindparam("operation"),
        "field": bindparam("field", type_=Text) == any_(HistoryRow.changed),
        "from_": HistoryRow.at >= bindparam("from_", type_=MOMENT),
        "to": HistoryRow.at < bindparam("to", type_=MOMENT),
        "after": HistoryRow.id < bindparam("after"),
    },
)
ANY_OF_TABLE: Final = HotRead(
    select(HistoryRow.id).where(FILTERS["table"]).limit(1),
)
BY_ID: Final = HotRead(
    select(HistoryRow.__table__).where(HistoryRow.id == bindparam("id")),
)


@final
class HistoryRepository:
    """Reads the ``history`` table, newest first."""

    def __init__(self, session: AsyncSession) -> None:
        """Work inside the caller's transaction."""
        self._session = session

    async def get(self, change_id: UUID) -> Change:
        """Read one change."""
        rows = await BY_ID.fetch(self._session, id=change_id)
        if not rows:
            raise NotFound("There is no such change.")
        return _to_change(rows[0])

    async def knows(self, table: str) -> bool:
        """Tell whether the table has ever had a row, be it gone by now."""
        return bool(await ANY_OF_TABLE.fetch(self._session, table=table))

    async def get_stretch(self, query: ListChanges) -> Stretch[Change]:
        """Read the next changes that pass the filters."""
        binds = query.filters
        read = _newest(tuple(sorted(binds)))
        # One more than asked for tells whether there are more.
        rows = await read.fetch(self._session, limit=query.limit + 1, **binds)
        changes = tuple(map(_to_change, rows[: query.limit]))
        return Stretch(changes, changes[-1].id if len(rows) > query.limit else None)

    async def get_batch(
        self,
        query: ListChanges,
        after: UUID | None,
    ) -> Batch[Change]:
        """Read some of all changes that pass the filters, newest first."""
        start = query.after if after is None else after
        wanted = replace(query, after=start, limit=BATCH_ROWS)
        stretch = await self.get_stretch(wanted)
        return Batch(stretch.items, stretch.next)


@lru_cache
def _newest(names: tuple[str, ...]) -> HotRead:
    return HotRead(
        select(HistoryRow.__table__)
        .where(*(FILTERS[name] for name in names))
        .order_by(HistoryRow.id.desc())
        .limit(bindparam("limit")),
    )


def _to_change(row: Any) -> Change:
    actor_id = row["actor_id"]
    return Change(
        id=row["id"],
        table=row["table_name"],
        row_id=row["row_id"],
        operation=row["operation"],
        old=row["old"],
        new=row["new"],
        changed=tuple(row["changed"]),
        actor=actor_id and Author(actor_id, row["actor_login"] or ""),
        request_id=row["request_id"],
        database_user=row["database_user"],
        at=row["at"],
    )
