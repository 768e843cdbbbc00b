"""Countries that are told later, or told anew, with all rows that repeat them."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias, final

from prilavok.repositories.binary_copy import Driver
from prilavok.repositories.log_imports.array_text import array_text

# Two ranges of the index, which an inequality would not be.
FIND: Final = """
(SELECT visitor_id, host(address) FROM visitors WHERE country_source_id < $1 LIMIT $2)
UNION ALL
(SELECT visitor_id, host(address) FROM visitors WHERE country_source_id > $1 LIMIT $2)
LIMIT $2
"""
SETTLE: Final = """
UPDATE visitors SET country = told.country, country_source_id = $3
FROM unnest($1::text::integer[], $2::text::smallint[]) AS told (visitor_id, country)
WHERE visitors.visitor_id = told.visitor_id
RETURNING new.visitor_id, old.country AS former, new.country
"""
REPEAT: Final = """
UPDATE {table} SET country = told.country
FROM unnest($1::text::integer[], $2::text::smallint[]) AS told (visitor_id, country)
WHERE {table}.visitor_id = told.visitor_id AND {condition}
"""
SUMMARIES: Final = ("visitor_days", "category_visitor_days")
# Rows without a country are found by their index; for others, which are open again only
# when the source changes, the table is read from end to end once a batch.
BY_INDEX: Final = "SET LOCAL enable_seqscan = off"
BY_READING: Final = "SET LOCAL enable_seqscan = on"
WAS_UNKNOWN: Final = "country = 0"
WAS_KNOWN: Final = "country <> 0"

Changes: TypeAlias = Mapping[int, int]


@final
class VisitorCountryRepository:
    """Visitors whose country the current source has not told yet.

    The caller's transaction must hold the importers' lock: a block that is written at
    the same time would repeat the former country.
    """

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find_waiting(self, source_id: int, limit: int) -> dict[int, str]:
        """Return some visitors whom this source has told nothing about, if any."""
        records = await self._driver.fetch(FIND, source_id, limit)
        return {record[0]: record[1] for record in records}

    async def settle(self, source_id: int, countries: Changes) -> None:
        """Set the countries of visitors, by numbers; who is gone is left out."""
        records = await self._driver.fetch(SETTLE, *_arrays(countries), source_id)
        changed = [
            record for record in records if record["former"] != record["country"]
        ]
        appeared = {
            one["visitor_id"]: one["country"] for one in changed if not one["former"]
        }
        moved = {one["visitor_id"]: one["country"] for one in changed if one["former"]}
        await self._repeat(BY_INDEX, WAS_UNKNOWN, appeared)
        await self._repeat(BY_READING, WAS_KNOWN, moved)

    async def _repeat(self, way: str, condition: str, changes: Changes) -> None:
        if not changes:
            return
        await self._driver.execute(way)
        for table in SUMMARIES:
            statement = REPEAT.format(
                table=table,
                condition=f"{table}.{condition}",
            )
            await self._driver.execute(statement, *_arrays(changes))


def _arrays(countries: Changes) -> Iterable[str]:
    return array_text(countries), array_text(countries.values())
