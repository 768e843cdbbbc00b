"""Places in an ordered list, from which a later statement goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, final

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlalchemy.orm import InstrumentedAttribute

# What a row is ordered by, under the names of the bind parameters.
Place: TypeAlias = dict[str, object]
PREFIX: Final = "place_"


@final
@dataclass(frozen=True, eq=False)
class Order:
    """A column that a list is ordered by; PostgreSQL takes null for the largest."""

    column: ColumnElement[Any] | InstrumentedAttribute[Any]
    is_reversed: bool = False
    is_nullable: bool = True

    @property
    def term(self) -> ColumnElement[Any]:
        """Write it for ORDER BY."""
        return self.column.desc() if self.is_reversed else self.column.asc()

    def same(self, number: int) -> ColumnElement[bool]:
        """Match rows that this column does not order against the place."""
        return self.column.is_not_distinct_from(self._bound(number))

    def beyond(self, number: int) -> ColumnElement[bool]:
        """Match rows that this column orders behind the place."""
        bound = self._bound(number)
        if not self.is_nullable:
            return self.column < bound if self.is_reversed else self.column > bound
        if self.is_reversed:
            nulls_end = and_(self.column.is_not(None), bound.is_(None))
            return or_(self.column < bound, nulls_end)
        nulls_begin = and_(self.column.is_(None), bound.is_not(None))
        return or_(self.column > bound, nulls_begin)

    def _bound(self, number: int) -> ColumnElement[Any]:
        return bindparam(f"{PREFIX}{number}", type_=self.column.type)


def place_columns(orders: Sequence[Order]) -> list[ColumnElement[Any]]:
    """Select what a row is ordered by."""
    return [
        order.column.label(f"{PREFIX}{number}") for number, order in enumerate(orders)
    ]


def place_of(row: Any) -> Place:
    """Read the place of a row that was selected with ``place_columns``."""
    return {name: row[name] for name in row.keys() if name.startswith(PREFIX)}


def follow(orders: Sequence[Order]) -> ColumnElement[bool]:
    """Match the rows behind a place."""
    behind = [
        and_(
            *(before.same(number) for number, before in enumerate(orders[:last])),
            order.beyond(last),
        )
        for last, order in enumerate(orders)
    ]
    return or_(*behind)
