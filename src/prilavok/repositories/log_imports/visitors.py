"""Addresses and their numbers."""

from collections.abc import Sequence
from typing import Final, final

import polars as pl

from prilavok.repositories.binary_copy import Driver
from prilavok.repositories.log_imports.array_text import array_text

# LATERAL and LIMIT, so that the planner looks each of them up: it would rather read all
# visitors for every block.
FIND: Final = """
SELECT word, visitor_id, country
FROM unnest($1::text::text[]) AS asked (word) CROSS JOIN LATERAL (
    SELECT visitor_id, country FROM visitors WHERE address = word::inet LIMIT 1
) AS known
"""
ADD: Final = """
INSERT INTO visitors (address, country)
SELECT word::inet, country
FROM unnest($1::text::text[], $2::text::smallint[]) AS unknown (word, country)
ON CONFLICT DO NOTHING
RETURNING host(address), visitor_id, country
"""
SCHEMA: Final = pl.Schema(
    {"address": pl.String, "visitor_id": pl.Int64, "country": pl.Int64},
)


@final
class VisitorRepository:
    """Addresses that have events."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find(self, addresses: Sequence[str]) -> pl.DataFrame:
        """Return address, visitor_id and country of the known ones."""
        return await self._fetch(FIND, array_text(addresses))

    async def add(
        self,
        addresses: Sequence[str],
        countries: Sequence[int],
    ) -> pl.DataFrame:
        """Give numbers to unknown addresses and return what ``find`` would."""
        added = await self._fetch(ADD, array_text(addresses), array_text(countries))
        # PostgreSQL writes a few addresses of IPv6 in another way than we do.
        others = set(addresses).difference(added["address"])
        if not others:
            return added
        return added.vstack(await self.find(list(others))).filter(
            pl.col("address").is_in(addresses),
        )

    async def _fetch(self, query: str, *binds: object) -> pl.DataFrame:
        records = await self._driver.fetch(query, *binds)
        return pl.DataFrame(list(map(tuple, records)), SCHEMA, orient="row")
