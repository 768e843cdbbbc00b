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
from prilavok.repositories.tables.log_summaries import HOUR_COLUMNS

VISITOR_DAY: Final = CopyFormat(
    import_id=INTEGER,
    day=DATE,
    visitor_id=INTEGER,
    events=INTEGER,
    country=SMALLINT,
)
CATEGORY_VISITOR_DAY: Final = CopyFormat(
    import_id=INTEGER,
    category_id=INTEGER,
    day=DATE,
    visitor_id=INTEGER,
    events=INTEGER,
    country=SMALLINT,
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
        await VISITOR_DAY.write(self._driver, "visitor_days", rows)

    async def add_category_visitor_days(self, rows: pl.DataFrame) -> None:
        """Append counts of views by category, day and visitor."""
        table = "category_visitor_days"
        await CATEGORY_VISITOR_DAY.write(self._driver, table, rows)

    async def add_day_hours(self, rows: pl.DataFrame) -> None:
        """Append counts of events by hour, in all and by category and kind."""
        await DAY_HOURS.write(self._driver, "day_hours", rows)
