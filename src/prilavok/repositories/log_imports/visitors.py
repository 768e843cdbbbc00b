"""Addresses and their numbers."""

from collections.abc import Sequence
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
NEXT_NUMBERS: Final = """
SELECT nextval(numbers)
FROM CAST(pg_get_serial_sequence('visitors', 'visitor_id') AS regclass) AS numbers
CROSS JOIN generate_series(1, $1)
"""
ADD: Final = """
INSERT INTO visitors (address, visitor_id, country) OVERRIDING SYSTEM VALUE
SELECT word::inet, visitor_id, country
FROM unnest($1::text::text[], $2::text::integer[], $3::text::smallint[])
    AS unknown (word, visitor_id, country)
"""
# On the wire an address of IPv4 is eight bytes, which we write as one number: family 2,
# prefix of 32 bits, no network, 4 bytes; then these.
# https://doxygen.postgresql.org/network_8c_source.html, network_send
IPV4: Final = int.from_bytes(bytes((2, 32, 0, 4, 0, 0, 0, 0)))
VISITOR: Final = CopyFormat(visitor_id=INTEGER, address=BIGINT, country=SMALLINT)
SCHEMA: Final = pl.Schema({"address": pl.String, "visitor_id": pl.Int64})


@final
class VisitorRepository:
    """Addresses that have events."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find(self, addresses: Sequence[str]) -> pl.DataFrame:
        """Return address and visitor_id of the known ones."""
        records = await self._driver.fetch(FIND, array_text(addresses))
        return pl.DataFrame(list(map(tuple, records)), SCHEMA, orient="row")

    async def add(
        self,
        addresses: Sequence[str],
        countries: Sequence[int],
    ) -> pl.DataFrame:
        """Give numbers to unknown addresses and return what ``find`` would."""
        records = await self._driver.fetch(NEXT_NUMBERS, len(addresses))
        added = pl.DataFrame(
            {"address": addresses, "visitor_id": [record[0] for record in records]},
            SCHEMA,
        )
        visitors = added.with_columns(country=pl.Series(countries, dtype=pl.Int64))
        is_long = pl.col("address").str.contains(":", literal=True)
        await self._copy(visitors.filter(~is_long))
        await self._insert(visitors.filter(is_long))
        return added

    async def _copy(self, visitors: pl.DataFrame) -> None:
        """Add addresses of IPv4, nearly all there are."""
        packed = b"".join(map(inet_aton, visitors["address"]))
        numbers = np.frombuffer(packed, ">u4").astype(np.int64)
        encoded = visitors.with_columns(address=pl.Series(numbers + IPV4))
        await VISITOR.write(self._driver, "visitors", encoded)

    async def _insert(self, visitors: pl.DataFrame) -> None:
        """Add addresses of IPv6."""
        if len(visitors):
            columns = [array_text(visitors[name]) for name in visitors.columns]
            await self._driver.execute(ADD, *columns)
