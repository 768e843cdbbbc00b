"""Answers that cost a request, kept so that nobody asks twice."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple, final

from prilavok.domain.countries import country_code, country_number
from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.array_text import array_text

# Networks move: an older answer is asked for again.
DAYS: Final = 30
FIND: Final = f"""
SELECT word, country, answered_at
FROM unnest($1::text::text[]) AS asked (word)
JOIN country_answers ON address = word::inet
WHERE answered_at > now() - interval '{DAYS} days'
"""
ADD: Final = """
INSERT INTO country_answers (address, country, answered_at)
SELECT DISTINCT ON (address) word::inet AS address, country, now()
FROM unnest($1::text::text[], $2::text::smallint[]) AS told (word, country)
ON CONFLICT (address) DO UPDATE SET
    country = excluded.country, answered_at = excluded.answered_at
"""
OLD: Final = f"answered_at <= now() - interval '{DAYS} days'"
# Asked twice: an answer that was renewed meanwhile stays.
FORGET: Final = f"""
WITH gone AS (
    DELETE FROM country_answers WHERE {OLD} AND address IN (
        SELECT address FROM country_answers WHERE {OLD} LIMIT $1
    ) RETURNING 1
) SELECT count(*) FROM gone
"""


class KeptAnswers(NamedTuple):
    """Codes by address (None: it has no country), and when the oldest was given."""

    countries: Mapping[str, str | None]
    oldest: datetime | None


@final
class CountryAnswerRepository:
    """Answers of the provider that is asked for each; they outlive their visitors."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find(self, addresses: Sequence[str]) -> KeptAnswers:
        """Return what is known of these addresses and not too old."""
        records = await self._driver.fetch(FIND, array_text(addresses))
        return KeptAnswers(
            {record["word"]: country_code(record["country"]) for record in records},
            min((record["answered_at"] for record in records), default=None),
        )

    async def add(self, countries: Mapping[str, str | None]) -> None:
        """Keep answers given now, in place of older ones."""
        numbers = map(country_number, countries.values())
        await self._driver.execute(ADD, array_text(countries), array_text(numbers))

    async def forget(self, at_once: int) -> int:
        """Delete those that are too old, so many at most; tell how many."""
        gone: int = await self._driver.fetchval(FORGET, at_once)
        return gone
