"""Words of lists that come in parts."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Generic, TypeVar, final
from uuid import UUID

ItemT = TypeVar("ItemT")
OtherT = TypeVar("OtherT")

DEFAULT_PER_PAGE: Final = 50
MAX_PER_PAGE: Final = 200
MAX_OFFSET: Final = 0x7FFFFFFFFFFFFFFF  # PostgreSQL's bigint
NO_FILTERS: Final = frozenset(("page", "per_page", "sort"))
MAX_PAGE: Final = MAX_OFFSET // MAX_PER_PAGE


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is asked for; pages count from 1."""

    page: int = 1
    per_page: int = DEFAULT_PER_PAGE

    @property
    def offset(self) -> int:
        """Count the items before this page."""
        return (self.page - 1) * self.per_page


@dataclass(frozen=True, slots=True)
class ListQuery(Paging):
    """A part of a list in an order; a feature adds its filters as further fields."""

    sort: tuple[str, ...] = ()

    @property
    def filters(self) -> dict[str, object]:
        """Collect the filters that were given."""
        given = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in NO_FILTERS
        }
        return {name: wanted for name, wanted in given.items() if wanted is not None}


@final
@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """One part of a list and the size of the whole; empty past the end."""

    items: Sequence[ItemT]
    total: int
    page: int
    per_page: int

    def with_items(self, items: Sequence[OtherT]) -> "Page[OtherT]":
        """Show the same part as something else."""
        return Page(items, self.total, self.page, self.per_page)


@final
@dataclass(frozen=True, slots=True)
class Stretch(Generic[ItemT]):
    """One part of an append-only list; ``next`` continues it, None at the end."""

    items: Sequence[ItemT]
    next: UUID | None


@final
@dataclass(frozen=True, slots=True)
class Batch(Generic[ItemT]):
    """Some items of a list that is read whole; ``next`` is where the rest begins."""

    items: Sequence[ItemT]
    next: Any = None


@final
@dataclass(frozen=True, slots=True)
class Everything(Generic[ItemT]):
    """A short list, all of it."""

    items: Sequence[ItemT]
