"""Countries that are told later, or told anew."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias, final

from prilavok.repositories.driver import Driver
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
"""

Changes: TypeAlias = Mapping[int, int]


@final
class VisitorCountryRepository:
    """Visitors whose country the current source has not told yet.

    The caller's transaction must hold the importers' lock, which the triggers that keep
    the packed countries would otherwise wait for.
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
        await self._driver.execute(SETTLE, *_arrays(countries), source_id)


def _arrays(countries: Changes) -> Iterable[str]:
    return array_text(countries), array_text(countries.values())
