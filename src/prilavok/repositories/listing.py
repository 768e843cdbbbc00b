"""Pages of a table: filters, order and total, in one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar, final

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from prilavok.domain.paging import Batch, ListQuery, Page
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.places import Order, Place, follow, place_columns, place_of

ItemT = TypeVar("ItemT")
Rows: TypeAlias = Select[*tuple[Any, ...]]
TOTAL: Final = "total"
# Combinations of filters and orders that stay compiled; rarer ones compile again.
COMPILED: Final = 256
BATCH_ROWS: Final = 1000


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

    async def get_batch(
        self,
        session: AsyncSession,
        to_item: Callable[[Any], ItemT],
        query: ListQuery,
        place: Place | None = None,
    ) -> Batch[ItemT]:
        """Read what follows a place of the list, or its beginning, whatever the page.

        A place is what the last row is ordered by, so that no cursor need stay open
        between two batches.
        """
        binds = query.filters
        names = tuple(sorted(binds))
        read = _compiled_batch(self, names, query.sort, is_first=place is None)
        rows = await read.fetch(session, limit=BATCH_ROWS, **binds, **(place or {}))
        return Batch(
            tuple(map(to_item, rows)),
            place_of(rows[-1]) if len(rows) == BATCH_ROWS else None,
        )

    def selected(self, names: Sequence[str]) -> Rows:
        """Select what passes the named filters, in no order."""
        return self.base.where(*(self.filters[name] for name in names))

    def order(self, sort: Sequence[str]) -> list[ColumnElement[Any]]:
        """Translate the contract's ``-registered_at,login`` into SQL."""
        return [order.term for order in self.orders_of(sort)]

    def orders_of(self, sort: Sequence[str]) -> list[Order]:
        """Name the columns of an order, the key as the last one."""
        wanted = [
            Order(self.orders[name.removeprefix("-")], is_reversed=name.startswith("-"))
            for name in sort
        ]
        return [*wanted, Order(self.key, is_nullable=False)]


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


@lru_cache(maxsize=COMPILED)
def _compiled_batch(
    listing: Listing,
    names: tuple[str, ...],
    sort: tuple[str, ...],
    *,
    is_first: bool,
) -> HotRead:
    orders = listing.orders_of(sort)
    batch = (
        listing.selected(names)
        .add_columns(*place_columns(orders))
        .order_by(*listing.order(sort))
        .limit(bindparam("limit", type_=BigInteger))
    )
    return HotRead(batch if is_first else batch.where(follow(orders)))
