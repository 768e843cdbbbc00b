"""Addresses and their numbers."""

from collections.abc import Iterable, Sequence
from socket import inet_aton
from typing import Final, final

import numpy as np
import polars as pl

from prilavok.repositories.binary_copy import (
    BIGINT,
    INTEGER,
    SMALLINT,
    CopyFormat,
    Driver,
    EncodedRows,
)
from prilavok.repositories.log_imports.array_text import array_text

# LATERAL and LIMIT, so that the planner looks each of them up: it would rather read all
# visitors for every block.
FIND: Final = """
SELECT word, visitor_id FROM unnest($1::text::text[]) AS asked (word)
CROSS JOIN LATERAL (
    SELECT visitor_id FROM visitors WHERE address = word::inet LIMIT 1
) AS known
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
COLUMNS: Final = ("address", "visitor_id", "country", "country_source_id")


@final
class VisitorRepository:
    """Addresses that have events."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find(self, addresses: Iterable[str]) -> dict[str, int]:
        """Return the numbers of the known ones."""
        return dict(await self._driver.fetch(FIND, array_text(addresses)))

    async def add(
        self,
        addresses: Sequence[str],
        countries: Sequence[int],
        sources: Sequence[int],
    ) -> dict[str, int]:
        """Give numbers to unknown addresses and return what ``find`` would.

        ``sources``: who told each country; 0: nobody yet.
        """
        first = await self._driver.fetchval(FIRST_NUMBER, len(addresses))
        visitors = pl.DataFrame(
            {
                "address": addresses,
                "visitor_id": range(first, first + len(addresses)),
                "country": countries,
                "country_source_id": sources,
            },
        )
        is_long = visitors["address"].str.contains(":", literal=True)
        await _encode(visitors.filter(~is_long)).write(self._driver)
        if is_long.any():
            longs = visitors.filter(is_long)
            await self._driver.execute(
                ADD, *(array_text(longs[name]) for name in COLUMNS)
            )
        return dict(zip(addresses, visitors["visitor_id"], strict=True))


def _encode(visitors: pl.DataFrame) -> EncodedRows:
    """Encode addresses of IPv4."""
    packed = b"".join(map(inet_aton, visitors["address"]))
    numbers = np.frombuffer(packed, ">u4").astype(np.int64) + IPV4
    return VISITOR.encode("visitors", visitors.with_columns(address=numbers))
