"""Addresses and their numbers."""

from collections.abc import Iterable, Sequence
from socket import inet_aton
from typing import Final, TypeAlias, final

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
SCHEMA: Final = pl.Schema(
    {
        "address": pl.String,
        "visitor_id": pl.Int64,
        "country": pl.Int64,
        "country_source_id": pl.Int64,
    },
)

# Address, number, country, who told it.
Visitor: TypeAlias = tuple[str, int, int, int]


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
        records = await self._driver.fetch(NEXT_NUMBERS, len(addresses))
        numbers = [record[0] for record in records]
        await self._copy(list(zip(addresses, numbers, countries, sources, strict=True)))
        return dict(zip(addresses, numbers, strict=True))

    async def _copy(self, visitors: Sequence[Visitor]) -> None:
        longs = [visitor for visitor in visitors if ":" in visitor[0]]
        shorts = [visitor for visitor in visitors if ":" not in visitor[0]]
        packed = b"".join(inet_aton(visitor[0]) for visitor in shorts)
        encoded = np.frombuffer(packed, ">u4").astype(np.int64) + IPV4
        frame = pl.DataFrame(shorts, SCHEMA, orient="row")
        frame = frame.with_columns(address=pl.Series(encoded))
        await VISITOR.write(self._driver, "visitors", frame)
        if longs:
            columns = map(array_text, zip(*longs, strict=True))
            await self._driver.execute(ADD, *columns)
