"""The events that are known, and new ones."""

from datetime import datetime, timedelta
from typing import Final, final

import polars as pl

from prilavok.repositories.binary_copy import (
    BIGINT,
    INTEGER,
    TIMESTAMP,
    CopyFormat,
    Driver,
    EncodedRows,
)
from prilavok.repositories.log_imports.array_text import array_text

EPOCH: Final = datetime.fromisoformat("1970-01-01")
SECOND: Final = 1_000_000
EVENT: Final = CopyFormat(
    at=TIMESTAMP,
    key=BIGINT,
    visitor_id=INTEGER,
    import_id=INTEGER,
    page_id=INTEGER,
)
WITHIN: Final = "at BETWEEN $1::text::timestamp AND $2::text::timestamp"
WINDOW: Final = f"""
SELECT at, key, visitor_id, import_id, page_id FROM events WHERE {WITHIN}
"""
# In the order of the index, so that no more of it is read than has to be.
IS_CROWDED: Final = f"""
SELECT EXISTS (SELECT FROM events WHERE {WITHIN} ORDER BY at, key OFFSET $3 LIMIT 1)
"""
# Times of the log are whole seconds.
SAME: Final = """
SELECT at, key, visitor_id, import_id, page_id FROM (
    SELECT timestamp '1970-01-01' + make_interval(secs => second) AS at, key
    FROM unnest($1::text::bigint[], $2::text::bigint[]) AS asked (second, key)
) AS asked JOIN events USING (at, key)
"""
IS_LATER: Final = "SELECT EXISTS (SELECT FROM events WHERE at > $1::text::timestamp)"


def shop_time(microseconds: int) -> str:
    """Write the time; what is before the year 1 is its first moment.

    As text, because asyncpg takes the first moment that Python knows for an infinity.
    """
    try:
        return (EPOCH + timedelta(microseconds=microseconds)).isoformat()
    except OverflowError:
        return datetime.min.isoformat()


def encode_events(events: pl.DataFrame) -> EncodedRows:
    """Encode events in the order of their index, which takes neighbours in faster."""
    if not events["at"].is_sorted():
        events = events.sort("at", "key")
    return EVENT.encode("events", events)


@final
class EventRepository:
    """Events of all imports. Frames hold times in microseconds since 1970."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def is_crowded(self, first: int, last: int, most: int) -> bool:
        """Tell whether more events lie between first and last, both included."""
        binds = (shop_time(first), shop_time(last), most)
        crowded: bool = await self._driver.fetchval(IS_CROWDED, *binds)
        return crowded

    async def find_window(self, first: int, last: int) -> pl.DataFrame:
        """Return the events from first to last, both included."""
        binds = (shop_time(first), shop_time(last))
        return await EVENT.read(self._driver, WINDOW, *binds)

    async def find_same(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Return the events that have a time and key of the frame."""
        ordered = asked.select(pl.col("at") // SECOND, "key").sort("at", "key")
        binds = map(array_text, ordered)
        return await EVENT.read(self._driver, SAME, *binds)

    async def has_later(self, at: int) -> bool:
        """Tell whether there is an event after this time."""
        found: bool = await self._driver.fetchval(IS_LATER, shop_time(at))
        return found

    async def add(self, events: EncodedRows) -> None:
        """Append events that are not known yet."""
        await events.write(self._driver)
