"""Summaries grow by the counts of a block."""

from typing import Final, final

import polars as pl

from prilavok.repositories.binary_copy import (
    DATE,
    INTEGER,
    SMALLINT,
    CopyFormat,
    Driver,
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


@final
class SummaryRepository:
    """The tables that reports 1 to 4 are read from. Frames name days since 1970."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def add_visitor_days(self, rows: pl.DataFrame) -> None:
        """Append counts of events by day and visitor."""
        await VISITOR_DAYS.write(self._driver, rows)

    async def add_category_visitor_days(self, rows: pl.DataFrame) -> None:
        """Append counts of views by category, day and visitor."""
        await CATEGORY_VISITOR_DAYS.write(self._driver, rows)

    async def add_day_hours(self, rows: pl.DataFrame) -> None:
        """Append counts of events by hour, in all and by category and kind."""
        await DAY_HOURS.write(self._driver, "day_hours", rows)
