"""Who tells countries now, and how the last attempt to be told went."""

from datetime import datetime
from typing import Final, final

from prilavok.domain.countries import CountryFailure, CountrySource
from prilavok.repositories.driver import Driver

FIND: Final = """
SELECT country_source_id FROM country_sources WHERE is_current AND key = $1
"""
RETIRE: Final = "UPDATE country_sources SET is_current = false WHERE is_current"
# Who comes again starts anew; but countries he told before may still stand.
ADOPT: Final = """
INSERT INTO country_sources AS known (key, title, is_current) VALUES ($1, $2, true)
ON CONFLICT (key) DO UPDATE SET is_current = true, title = excluded.title,
    adopted_at = now(), failure = NULL, error = NULL, failures = 0, retry_at = NULL,
    answers_since = CASE WHEN EXISTS (
        SELECT FROM visitors WHERE country_source_id = known.country_source_id
    ) THEN known.answers_since END
RETURNING country_source_id
"""
NOTE_AGE: Final = """
UPDATE country_sources SET answers_since = least(answers_since, $2)
WHERE country_source_id = $1 AND least(answers_since, $2) IS DISTINCT FROM answers_since
"""
NOTE_FAILURE: Final = """
UPDATE country_sources SET failure = $2, error = $3, failures = failures + 1,
    retry_at = now() + make_interval(secs => $4)
WHERE country_source_id = $1
"""
NOTE_SUCCESS: Final = """
UPDATE country_sources SET failure = NULL, error = NULL, failures = 0, retry_at = NULL
WHERE country_source_id = $1 AND failure IS NOT NULL
"""
MUST_WAIT: Final = """
SELECT EXISTS (
    SELECT FROM country_sources WHERE country_source_id = $1 AND retry_at > now()
)
"""
COUNT_FAILURES: Final = """
SELECT failures FROM country_sources WHERE country_source_id = $1
"""


@final
class CountrySourceRepository:
    """Sources by their numbers, which visitors carry; one is current."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find_current(self, source: CountrySource) -> int | None:
        """Return the number of the source if it is the current one."""
        number: int | None = await self._driver.fetchval(FIND, source.key)
        return number

    async def adopt(self, source: CountrySource) -> int:
        """Make it the current one, and return its number.

        What others have told is open again then. Needs a transaction.
        """
        number = await self.find_current(source)
        if number is None:
            await self._driver.execute(RETIRE)
            number = await self._driver.fetchval(ADOPT, source.key, source.title)
        return number

    async def note_age(self, number: int, oldest: datetime) -> None:
        """Remember that an answer this old is in use."""
        await self._driver.execute(NOTE_AGE, number, oldest)

    async def note_failure(
        self,
        number: int,
        failure: CountryFailure,
        error: str,
        seconds: float,
    ) -> None:
        """Remember one more failure, and to wait so long before the next attempt."""
        await self._driver.execute(NOTE_FAILURE, number, failure, error, seconds)

    async def note_success(self, number: int) -> None:
        """Forget the failures."""
        await self._driver.execute(NOTE_SUCCESS, number)

    async def must_wait(self, number: int) -> bool:
        """Tell whether it wants to be left in peace."""
        waits: bool = await self._driver.fetchval(MUST_WAIT, number)
        return waits

    async def count_failures(self, number: int) -> int:
        """Count the failures in a row."""
        failures: int = await self._driver.fetchval(COUNT_FAILURES, number)
        return failures
