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
)

EPOCH: Final = datetime.fromisoformat("1970-01-01")
EVENT: Final = CopyFormat(
    at=TIMESTAMP,
    key=BIGINT,
    visitor_id=INTEGER,
    import_id=INTEGER,
    page_id=INTEGER,
)
WINDOW: Final = """
SELECT at, key, visitor_id, import_id, page_id FROM events
WHERE at BETWEEN $1::text::timestamp AND $2::text::timestamp LIMIT $3
"""
SAME: Final = """
SELECT at, key, visitor_id, import_id, page_id FROM events
JOIN unnest($1::text[]::timestamp[], $2::bigint[]) AS asked (at, key) USING (at, key)
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


@final
class EventRepository:
    """Events of all imports. Frames hold times in microseconds since 1970."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find_window(self, first: int, last: int, limit: int) -> pl.DataFrame:
        """Return the events from first to last, both included, ``limit`` at most."""
        binds = (shop_time(first), shop_time(last), limit)
        return await EVENT.read(self._driver, WINDOW, *binds)

    async def find_same(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Return the events that have a time and key of the frame."""
        times = [shop_time(at) for at in asked["at"]]
        return await EVENT.read(self._driver, SAME, times, asked["key"].to_list())

    async def has_later(self, at: int) -> bool:
        """Tell whether there is an event after this time."""
        found: bool = await self._driver.fetchval(IS_LATER, shop_time(at))
        return found

    async def add(self, events: pl.DataFrame) -> None:
        """Append events that are not known yet."""
        await EVENT.write(self._driver, "events", events)
