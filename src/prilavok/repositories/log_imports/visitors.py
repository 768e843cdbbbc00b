"""Addresses and their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from socket import inet_aton
from typing import Final, final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.repositories.binary_copy import (
    BIGINT,
    INTEGER,
    SMALLINT,
    CopyFormat,
    EncodedRows,
)
from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.column_text import column_text

# A subquery for each, so that the planner looks it up: it would rather read all
# visitors for every block.
FIND: Final = """
SELECT array_agg(known ORDER BY place) FROM (
    SELECT place, coalesce(
        (SELECT visitor_id FROM visitors WHERE address = word::inet), $2
    ) AS known
    FROM unnest($1::text::text[]) WITH ORDINALITY AS asked (word, place)
) AS found
"""
# Whoever writes holds the importers' lock, so that nobody takes one in between.
FIRST_NUMBER: Final = """
SELECT min(number) FROM (
    SELECT nextval(numbers) AS number
    FROM CAST(pg_get_serial_sequence('visitors', 'visitor_id') AS regclass) AS numbers
    CROSS JOIN generate_series(1, $1)
) AS taken
"""
ADD: Final = """
INSERT INTO visitors (address, visitor_id, country, country_source_id)
OVERRIDING SYSTEM VALUE
SELECT word::inet, visitor_id, country, source_id
FROM unnest(
    $1::text::text[], $2::text::integer[], $3::text::smallint[], $4::text::integer[]
)
    AS unknown (word, visitor_id, country, source_id)
"""
# No visitor has this number: they are counted from 1.
NO_VISITOR: Final = 0
# On the wire an address of IPv4 is eight bytes, which we write as one number: family 2,
# prefix of 32 bits, no network, 4 bytes; then these.
# https://doxygen.postgresql.org/network_8c_source.html, network_send
IPV4: Final = int.from_bytes(bytes((2, 32, 0, 4, 0, 0, 0, 0)))
VISITOR: Final = CopyFormat(
    visitor_id=INTEGER,
    address=BIGINT,
    country=SMALLINT,
    country_source_id=INTEGER,
)
# ``country_source_id`` 0: nobody has told the country yet.
NEW_VISITOR: Final = pl.Schema(
    {
        "address": pl.String,
        "visitor_id": pl.Int64,
        "country": pl.Int64,
        "country_source_id": pl.Int64,
    },
)


@final
@dataclass(frozen=True, slots=True)
class EncodedVisitors:
    """Addresses of IPv4 as COPY reads them, and the columns of the longer ones."""

    short: EncodedRows
    long: Sequence[str]


@final
class VisitorRepository:
    """Addresses that have events."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find(self, addresses: pl.Series) -> NDArray[np.int64]:
        """Return the number of each, ``NO_VISITOR`` where it is unknown."""
        binds = (column_text(addresses), NO_VISITOR)
        return np.array(await self._driver.fetchval(FIND, *binds) or (), np.int64)

    async def take_numbers(self, count: int) -> range:
        """Take so many numbers for visitors who are still to be added."""
        first: int = await self._driver.fetchval(FIRST_NUMBER, count)
        return range(first, first + count)

    async def add(self, visitors: EncodedVisitors) -> None:
        """Add unknown ones."""
        await visitors.short.write(self._driver)
        if visitors.long:
            await self._driver.execute(ADD, *visitors.long)


def encode_visitors(visitors: pl.DataFrame) -> EncodedVisitors:
    """Encode rows of ``NEW_VISITOR``."""
    is_long = visitors["address"].str.contains(":", literal=True)
    shorts, longs = visitors.filter(~is_long), visitors.filter(is_long)
    packed = b"".join(map(inet_aton, shorts["address"].to_list()))
    numbers = np.frombuffer(packed, ">u4").astype(np.int64) + IPV4
    return EncodedVisitors(
        VISITOR.encode("visitors", shorts.with_columns(address=numbers)),
        [column_text(longs[name]) for name in NEW_VISITOR] if len(longs) else [],
    )
