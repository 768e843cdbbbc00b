"""Pages of a table: filters, order and total, in one statement."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar, final

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from prilavok.domain.paging import ListQuery, Page
from prilavok.repositories.hot_read import HotRead

ItemT = TypeVar("ItemT")
Rows: TypeAlias = Select[*tuple[Any, ...]]
TOTAL: Final = "total"
# Combinations of filters and orders that stay compiled; rarer ones compile again.
COMPILED: Final = 256


@final
@dataclass(frozen=True, eq=False)
class Listing:
    """What can be listed of a table, by which filters, in which orders.

    A filter is a condition with one bind parameter of the filter's own name; an order
    is a column, written with a leading minus to turn it around. The last resort is
    ``key``, so that no page repeats what another showed.
    """

    base: Rows
    filters: Mapping[str, ColumnElement[bool]]
    orders: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]]
    key: InstrumentedAttribute[Any]

    async def get_page(
        self,
        session: AsyncSession,
        to_item: Callable[[Any], ItemT],
        query: ListQuery,
    ) -> Page[ItemT]:
        """Read one page."""
        binds = query.filters
        page_read, count_read = _compiled(self, tuple(sorted(binds)), query.sort)
        rows = await page_read.fetch(
            session,
            limit=query.per_page,
            offset=query.offset,
            **binds,
        )
        # Only past the end is there no row to tell the total.
        counted = rows or await count_read.fetch(session, **binds)
        return Page(
            tuple(map(to_item, rows)),
            counted[0][TOTAL],
            query.page,
            query.per_page,
        )

    async def stream(
        self,
        session: AsyncSession,
        to_item: Callable[[Any], ItemT],
        query: ListQuery,
    ) -> AsyncIterator[ItemT]:
        """Yield everything that passes the filters, whatever the page."""
        binds = query.filters
        names = tuple(sorted(binds))
        everything = self.selected(names).order_by(*self.order(query.sort))
        async for record in HotRead(everything).stream(session, **binds):
            yield to_item(record)

    def selected(self, names: Sequence[str]) -> Rows:
        """Select what passes the named filters, in no order."""
        return self.base.where(*(self.filters[name] for name in names))

    def order(self, sort: Sequence[str]) -> list[ColumnElement[Any]]:
        """Translate the contract's ``-registered_at,login`` into SQL."""
        columns = [self._directed(name) for name in sort]
        return [*columns, self.key.asc()]

    def _directed(self, name: str) -> ColumnElement[Any]:
        column = self.orders[name.removeprefix("-")]
        return column.desc() if name.startswith("-") else column.asc()


@lru_cache(maxsize=COMPILED)
def _compiled(
    listing: Listing,
    names: tuple[str, ...],
    sort: tuple[str, ...],
) -> tuple[HotRead, HotRead]:
    selected = listing.selected(names)
    keys = selected.with_only_columns(listing.key).order_by(None).subquery()
    count = select(func.count().label(TOTAL)).select_from(keys)
    page = (
        selected.add_columns(count.scalar_subquery().label(TOTAL))
        .order_by(*listing.order(sort))
        .limit(bindparam("limit", type_=BigInteger))
        .offset(bindparam("offset", type_=BigInteger))
    )
    return HotRead(page), HotRead(count)
