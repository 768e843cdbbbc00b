"""What a block adds to the summaries; pure.

Events come with at, visitor_id, category_id (0: none), kind and import_id. Everything
is counted as numbers that hold two others: grouping by several columns takes four times
as long.
"""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
import polars as pl
from typing_extensions import Self

from prilavok.domain.shop_logs import Kind
from prilavok.repositories.binary_copy import EncodedRows
from prilavok.repositories.log_imports.packed_days import VisitorCounts
from prilavok.repositories.log_imports.summaries import HourCounts, encode_summaries
from prilavok.services.log_analytics.blocks import Numbers

HOURS: Final = 24
HOUR: Final = 3_600_000_000
DAY: Final = HOURS * HOUR
# Numbers of "all categories" and "all kinds".
ALL: Final = 0
VIEWS: Final = (int(Kind.CATEGORY), int(Kind.GOODS))
# Numbers that lie closer together are counted in a table, others by sorting them.
CLOSE: Final = 4
FAR: Final = np.iinfo(np.int64).max


@final
@dataclass(frozen=True, slots=True)
class _Dated:
    """Events with the hour of their day; event ``i`` is of day ``days[rows[i]]``."""

    days: Numbers
    rows: Numbers
    hours: Numbers
    visitors: Numbers
    kinds: Numbers

    @classmethod
    def read(cls, events: pl.DataFrame) -> Self:
        """Tell days and hours apart."""
        at = events["at"].to_numpy()
        days, rows = _rank(at // DAY)
        visitors, kinds = (events[name].to_numpy() for name in ("visitor_id", "kind"))
        return cls(days, rows, at % DAY // HOUR, visitors, kinds)

    def only(self, places: Numbers) -> Self:
        """Choose events."""
        columns = (self.rows, self.hours, self.visitors, self.kinds)
        return type(self)(self.days, *(column[places] for column in columns))


@final
@dataclass(frozen=True, slots=True)
class _Counter:
    """Counts events by day, or by category and day.

    Event ``i`` belongs to row ``rows[i]`` of ``categories`` and ``days``.
    """

    events: _Dated
    rows: Numbers
    categories: Numbers
    days: Numbers

    @classmethod
    def by_day(cls, events: _Dated) -> Self:
        """Count all categories together."""
        return cls(events, events.rows, np.full_like(events.days, ALL), events.days)

    @classmethod
    def by_category(cls, events: _Dated, categories: Numbers) -> Self:
        """Count each of the events' categories."""
        pairs, rows = _rank(categories * len(events.days) + events.rows)
        of_pairs, days = np.divmod(pairs, max(len(events.days), 1))
        return cls(events, rows, of_pairs, events.days[days])

    def count_visitors(self) -> VisitorCounts:
        """Count the events of each visitor in each row."""
        visitors = self.events.visitors
        above = visitors.max(initial=0) + 1
        different, counts = _count(self.rows * above + visitors)
        rows, visitor_ids = np.divmod(different, above)
        sizes = np.bincount(rows, minlength=len(self.days))
        return VisitorCounts(self.categories, self.days, sizes, visitor_ids, counts)

    def count_hours(self, kind: int) -> HourCounts:
        """Count the events of a kind by hours, in the rows that have any."""
        cells = self.rows * HOURS + self.events.hours
        if kind != ALL:
            cells = cells[self.events.kinds == kind]
        size = len(self.days)
        # Narrow: a log may have as many categories as lines.
        counted = np.bincount(cells, minlength=size * HOURS).astype(np.int32)
        counts = counted.reshape(size, HOURS)
        found = np.flatnonzero(counts.any(axis=1))
        days = self.days[found]
        return HourCounts(kind, self.categories[found], days, counts[found])


def summarize(events: pl.DataFrame) -> tuple[EncodedRows, ...]:
    """Count events by day and visitor and by hour, views also by category."""
    dated = _Dated.read(events)
    everything = _Counter.by_day(dated)
    is_view = np.logical_or.reduce([dated.kinds == kind for kind in VIEWS])
    viewed = np.flatnonzero(is_view)
    categories = events["category_id"].to_numpy()[viewed]
    views = _Counter.by_category(dated.only(viewed), categories)
    return encode_summaries(
        events["import_id"][0],
        everything.count_visitors(),
        views.count_visitors(),
        [everything.count_hours(ALL), *map(views.count_hours, VIEWS)],
    )


def _rank(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return the different numbers in order, and the place of each among them."""
    above = _above(numbers)
    if above is None:
        different = np.unique(numbers)
        return different, np.searchsorted(different, numbers)
    is_there = np.bincount(above) > 0
    different = np.flatnonzero(is_there) + numbers.min(initial=FAR)
    return different, np.cumsum(is_there)[above] - 1


def _count(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return the different numbers in order, and how often each is there."""
    above = _above(numbers)
    if above is None:
        return np.unique(numbers, return_counts=True)
    counts = np.bincount(above)
    different = np.flatnonzero(counts)
    return different + numbers.min(initial=FAR), counts[different]


def _above(numbers: Numbers) -> Numbers | None:
    """Return how far they are above the lowest; None where they lie far apart."""
    above = numbers - numbers.min(initial=FAR)
    return None if above.max(initial=0) > CLOSE * len(numbers) else above
