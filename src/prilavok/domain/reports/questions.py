"""What can be asked: the reports by name and number, and their parameters."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Final, final

from prilavok.domain.errors import NotFound
from prilavok.domain.paging import DEFAULT_PER_PAGE, Paging

CATEGORY_PATTERN: Final = "[a-z_]+"


@unique
class ReportName(StrEnum):
    """The reports, in the order of their numbers."""

    COUNTRIES = "countries"
    CATEGORY_COUNTRIES = "category-countries"
    CATEGORY_HOURS = "category-hours"
    PEAK_HOUR = "peak-hour"
    BOUGHT_TOGETHER = "bought-together"
    UNPAID_CARTS = "unpaid-carts"
    REPEAT_BUYERS = "repeat-buyers"

    @property
    def number(self) -> int:
        """Count from 1."""
        return tuple(type(self)).index(self) + 1


@unique
class Scope(StrEnum):
    """Which pages of a category count as views of it."""

    CATEGORY = "category"
    GOODS = "goods"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A range of days, both inclusive; None: as far as the log goes."""

    first_day: date | None = None
    last_day: date | None = None

    @property
    def is_everything(self) -> bool:
        """Tell whether no day is left out."""
        return self.first_day is None and self.last_day is None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDays(Days):
    """Days and a category, which may be one that no log ever named."""

    category: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ScopedDays(CategoryDays):
    """Days, a category, and which of its pages count."""

    scope: Scope = Scope.CATEGORY


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PagedDays(Days):
    """Days, and which part of the rows."""

    page: int = 1
    per_page: int = DEFAULT_PER_PAGE

    @property
    def paging(self) -> Paging:
        """Return the part as lists know it."""
        return Paging(self.page, self.per_page)


def find_name(text: str) -> ReportName:
    """Return the report of this name or number, or raise ``NotFound``."""
    for name in ReportName:
        if text in {name, str(name.number)}:
            return name
    known = ", ".join(ReportName)
    raise NotFound(f"There is no report {text!r}; there are {known}.")
