"""The events that are known, and new ones.

Events that come in order are stored in packs, others as loose rows; the view ``events``
has both. What comes often to the times of packs makes loose rows of them again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple, final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.repositories.binary_copy import (
    BIGINT,
    INTEGER,
    TIMESTAMP,
    CopyFormat,
    EncodedRows,
    read_raw,
)
from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.column_text import column_text
from prilavok.repositories.log_imports.event_packs import (
    LONGEST,
    READ_COLUMNS,
    SECOND,
    UNPACKED,
    decode_packs,
    encode_packs,
)

EPOCH: Final = datetime.fromisoformat("1970-01-01")
EVENT: Final = CopyFormat(
    at=TIMESTAMP,
    key=BIGINT,
    visitor_id=INTEGER,
    import_id=INTEGER,
    page_id=INTEGER,
)
PACK: Final = CopyFormat(pack_id=INTEGER, first_at=TIMESTAMP, last_at=TIMESTAMP)
WITHIN: Final = "at BETWEEN $1::text::timestamp AND $2::text::timestamp"
OVERLAPS: Final = "last_at >= $1::text::timestamp AND first_at <= $2::text::timestamp"
LOOSE: Final = f"""
SELECT at, key, visitor_id, import_id, page_id FROM loose_events WHERE {WITHIN}
"""
PACKED: Final = f"""
SELECT {READ_COLUMNS} FROM packed_events WHERE {OVERLAPS}
"""
# Rows in the order of the index, so that no more of it is read than has to be.
COUNT: Final = f"""
SELECT
    (SELECT count(*) FROM (
        SELECT FROM loose_events WHERE {WITHIN} ORDER BY at, key LIMIT $3
    ) AS counted) AS loose,
    (SELECT coalesce(sum(size), 0) FROM packed_events WHERE {OVERLAPS}) AS packed,
    EXISTS (SELECT FROM loose_events WHERE at > $2::text::timestamp)
        OR EXISTS (SELECT FROM packed_events WHERE last_at > $2::text::timestamp)
        AS has_later
"""
# Times of the log are whole seconds.
SAME: Final = """
SELECT at, key, visitor_id, import_id, page_id FROM (
    SELECT timestamp '1970-01-01' + make_interval(secs => second) AS at, key
    FROM unnest($1::text::bigint[], $2::text::bigint[]) AS asked (second, key)
) AS asked JOIN loose_events USING (at, key)
"""
PACKS: Final = f"SELECT pack_id, first_at, last_at FROM packed_events WHERE {OVERLAPS}"
UNPACK: Final = f"""
WITH gone AS (
    DELETE FROM packed_events WHERE pack_id IN (SELECT unnest($1::text::integer[]))
    RETURNING *
)
INSERT INTO loose_events (at, key, visitor_id, import_id, page_id)
{UNPACKED.format("gone")}
"""


def shop_time(microseconds: int) -> str:
    """Write the time; what is before the year 1 is its first moment.

    As text, because asyncpg takes the first moment that Python knows for an infinity.
    """
    try:
        return (EPOCH + timedelta(microseconds=microseconds)).isoformat()
    except OverflowError:
        return datetime.min.isoformat()


class Around(NamedTuple):
    """How many events lie somewhere, those of packs that reach over it included.

    ``has_later``: whether there are any after it.
    """

    loose: int
    packed: int
    has_later: bool


@final
@dataclass(frozen=True, slots=True)
class EncodedEvents:
    """Full packs of events, and the rest of them as rows."""

    packs: EncodedRows
    loose: EncodedRows


def encode_events(events: pl.DataFrame, pack_size: int | None) -> EncodedEvents:
    """Encode new events, which are of one import.

    As many as fill packs of this size go into packs, the latest ones into rows, and
    those that would make a pack of too long a time; without a size all of them do.
    """
    stored = events.select(EVENT.columns)
    if not stored["at"].is_sorted():
        stored = stored.sort("at", "key")
    size = pack_size or len(events) + 1
    may_be_packed = _fit_packs(stored["at"].to_numpy(), size)
    return EncodedEvents(
        encode_packs(stored.filter(may_be_packed), size),
        EVENT.encode("loose_events", stored.filter(~may_be_packed)),
    )


def _fit_packs(times: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Tell which events fill packs that are not too long."""
    packed = len(times) - len(times) % size
    first, last = times[:packed:size], times[size - 1 : packed : size]
    fit = np.repeat(last - first <= LONGEST * SECOND, size)
    return np.append(fit, np.zeros(len(times) - packed, np.bool_))


@final
class EventRepository:
    """Events of all imports. Frames hold times in microseconds since 1970."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def count_around(self, first: int, last: int, most: int) -> Around:
        """Count the events from first to last, both included; loose ones up to a limit.

        Of packs all events count, also those before and after.
        """
        binds = (shop_time(first), shop_time(last), most)
        return Around(*await self._driver.fetchrow(COUNT, *binds))

    async def find_window(self, first: int, last: int, around: Around) -> pl.DataFrame:
        """Return the events from first to last, which have been counted."""
        binds = (shop_time(first), shop_time(last))
        found = EVENT.empty()
        if around.loose:
            found = await EVENT.read(self._driver, LOOSE, *binds)
        if around.packed:
            packed = decode_packs(await read_raw(self._driver, PACKED, *binds))
            within = packed.filter(pl.col("at").is_between(first, last))
            found = pl.concat((found, within.select(EVENT.columns)))
        return found

    async def find_same(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Return the events that have a time and key of the frame.

        Packs that reach over one of its times become loose rows first, for good: these
        have an index by time and key, and no event is unpacked twice. That takes two to
        four microseconds an event, at worst for all that are packed.
        """
        ordered = asked.select("at", "key").sort("at", "key")
        await self._unpack(ordered["at"])
        binds = map(column_text, ordered.with_columns(pl.col("at") // SECOND))
        return await EVENT.read(self._driver, SAME, *binds)

    async def add(self, events: EncodedEvents) -> None:
        """Append events that are not known yet."""
        await events.packs.write(self._driver)
        await events.loose.write(self._driver)

    async def _unpack(self, times: pl.Series) -> None:
        """Make loose rows of the packs that reach over these times, which ascend."""
        binds = (shop_time(times[0]), shop_time(times[-1]))
        packs = await PACK.read(self._driver, PACKS, *binds)
        at = times.to_numpy()
        begin = np.searchsorted(at, packs["first_at"].to_numpy(), side="left")
        end = np.searchsorted(at, packs["last_at"].to_numpy(), side="right")
        reached = packs["pack_id"].filter(pl.Series(begin < end))
        if len(reached):
            await self._driver.execute(UNPACK, column_text(reached))
