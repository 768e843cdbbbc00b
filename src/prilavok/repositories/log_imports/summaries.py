"""Summaries grow by the counts of a block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.repositories.binary_copy import (
    DATE,
    INTEGER,
    SMALLINT,
    CopyFormat,
    EncodedRows,
)
from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.packed_days import (
    DAY,
    Numbers,
    PackedDays,
    VisitorCounts,
)
from prilavok.repositories.tables.log_summaries import HOUR_COLUMNS

VISITOR_DAYS: Final = PackedDays("visitor_days", "import_id", "day")
CATEGORY_VISITOR_DAYS: Final = PackedDays(
    "category_visitor_days",
    "import_id",
    "category_id",
    "day",
)
DAY_HOURS: Final = CopyFormat(
    import_id=INTEGER,
    category_id=INTEGER,
    day=DATE,
    kind=SMALLINT,
    **dict.fromkeys(HOUR_COLUMNS, INTEGER),
)

# A row takes 230 bytes as a frame, and as much as it is sent; there may be as many as
# events.
ROWS_AT_ONCE: Final = 20_000


@final
@dataclass(frozen=True, slots=True)
class HourCounts:
    """Events of one kind by hours, by category and day.

    Row ``i`` of ``counts`` has 24 numbers, of ``categories[i]`` and ``days[i]`` (since
    1970).
    """

    kind: int
    categories: Numbers
    days: Numbers
    counts: NDArray[np.int32]


def encode_summaries(
    import_id: int,
    visitor_days: VisitorCounts,
    category_visitor_days: VisitorCounts,
    day_hours: Sequence[HourCounts],
) -> tuple[EncodedRows, ...]:
    """Encode counts of a block.

    Events by day and visitor; views by category, day and visitor; events by hour, in
    all and by category and kind.
    """
    return (
        VISITOR_DAYS.encode(import_id, visitor_days),
        CATEGORY_VISITOR_DAYS.encode(import_id, category_visitor_days),
        *_encode_hours(import_id, day_hours),
    )


def _encode_hours(
    import_id: int,
    parts: Sequence[HourCounts],
) -> Iterator[EncodedRows]:
    columns = _hour_columns(parts)
    for begin in range(0, len(columns[DAY]), ROWS_AT_ONCE):
        end = begin + ROWS_AT_ONCE
        rows = {name: column[begin:end] for name, column in columns.items()}
        frame = pl.DataFrame(rows).with_columns(import_id=pl.lit(import_id))
        yield DAY_HOURS.encode("day_hours", frame)


def _hour_columns(parts: Sequence[HourCounts]) -> dict[str, NDArray[Any]]:
    kinds = [np.full_like(part.days, part.kind) for part in parts]
    counts = np.concatenate([part.counts for part in parts])
    return {
        "category_id": np.concatenate([part.categories for part in parts]),
        DAY: np.concatenate([part.days for part in parts]),
        "kind": np.concatenate(kinds),
        **dict(zip(HOUR_COLUMNS, counts.T, strict=True)),
    }


@final
class SummaryRepository:
    """The tables that reports 1 to 4 are read from."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def add(self, summaries: tuple[EncodedRows, ...]) -> None:
        """Append what ``encode_summaries`` has made."""
        for rows in summaries:
            await rows.write(self._driver)
