"""Summaries grow by the counts of a block."""

from typing import Final, final

import polars as pl

from prilavok.repositories.binary_copy import (
    DATE,
    INTEGER,
    SMALLINT,
    CopyFormat,
    Driver,
    EncodedRows,
)
from prilavok.repositories.log_imports.packed_days import PackedDays
from prilavok.repositories.tables.log_summaries import HOUR_COLUMNS

VISITOR_DAYS: Final = PackedDays("visitor_days", "import_id")
CATEGORY_VISITOR_DAYS: Final = PackedDays(
    "category_visitor_days",
    "import_id",
    "category_id",
)
DAY_HOURS: Final = CopyFormat(
    import_id=INTEGER,
    category_id=INTEGER,
    day=DATE,
    kind=SMALLINT,
    **dict.fromkeys(HOUR_COLUMNS, INTEGER),
)


def encode_summaries(
    visitor_days: pl.DataFrame,
    category_visitor_days: pl.DataFrame,
    day_hours: pl.DataFrame,
) -> tuple[EncodedRows, ...]:
    """Encode counts of a block; days are numbers since 1970.

    Events by day and visitor; views by category, day and visitor; events by hour, in
    all and by category and kind.
    """
    return (
        VISITOR_DAYS.encode(visitor_days),
        CATEGORY_VISITOR_DAYS.encode(category_visitor_days),
        DAY_HOURS.encode("day_hours", day_hours),
    )


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
