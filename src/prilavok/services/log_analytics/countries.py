"""Countries of visitors who wait for theirs: new ones, or all when the source changes.

Every batch is a transaction that holds the importers' lock, so that visitors and the
packed countries that reports read agree whenever anybody looks.
"""

import logging
from asyncio import Event
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from types import MappingProxyType
from typing import Final, final

from prilavok.clients.countries.provider import CountriesUnanswered, CountryProvider
from prilavok.domain.clock import utc_now
from prilavok.domain.countries import (
    CountryFailure,
    CountryStatus,
    country_number,
)
from prilavok.domain.errors import Unavailable
from prilavok.repositories.log_imports.store import LogSession, LogStore
from prilavok.repositories.transaction import Reading
from prilavok.services.log_analytics.country_lookup import Recalled, recall
from prilavok.services.sweeping import never, sweep

# How long a run works on; a job that is told to stop has to end soon.
RUN_SECONDS: Final = 4
# Seconds before the next attempt; after failures in a row twice as long each time, up
# to the limit.
FIRST_WAIT: Final = MappingProxyType[CountryFailure, float](
    {
        CountryFailure.QUOTA: 3600,
        CountryFailure.WRONG_TOKEN: 300,
        CountryFailure.OUTAGE: 5,
        CountryFailure.GARBAGE: 60,
    },
)
LONGEST_WAIT: Final = 3600
MOST_DOUBLINGS: Final = 10
# However long a provider wants to be left: somebody may have raised the quota.
LONGEST_WISH: Final = 86_400
logger = logging.getLogger(__name__)


@final
@dataclass(frozen=True, slots=True)
class CountryService:
    """Finds the countries of visitors whom the current source has told nothing yet."""

    reading: Reading
    store: LogStore
    provider: CountryProvider
    _begun: Event = field(default_factory=Event)

    async def get_status(self) -> CountryStatus:
        """Tell how far countries are known."""
        async with self.reading() as repositories:
            return await repositories.log_reports.get_country_status()

    async def check(self) -> None:
        """Raise ``Unavailable`` while the provider is left in peace."""
        status = await self.get_status()
        if status.trouble is not None:
            raise Unavailable(f"{status.unresolved} visitors wait. {status.trouble}")

    async def resolve(
        self,
        seconds: float = RUN_SECONDS,
        *,
        is_patient: bool = True,
    ) -> int:
        """Work until nobody waits, the time is over or the provider fails.

        Returns how many visitors got their country, or the word that there is none.
        May be stopped at any time, and called as often as one likes: at most one works,
        others return at once. ``is_patient``: leave a provider alone that has failed,
        as long as it wants; but the first run of a process asks, since whoever starts
        it may have set another token.
        """
        deadline = monotonic() + seconds
        settled = 0
        async with self.store.session() as session:
            if not await session.hold_countries():
                return settled
            is_first = not self._begun.is_set()
            self._begun.set()
            run = _Run(session, self.provider, is_patient and not is_first)
            while batch := await run.step():
                settled += batch
                if monotonic() > deadline:
                    break
        return settled

    async def forget(self, is_stopping: Callable[[], bool] = never) -> int:
        """Forget answers that are too old to be used again; tell how many."""
        async with self.store.session() as session:
            answers = session.reading().countries.answers
            return await sweep(answers.forget, is_stopping)


@final
@dataclass(frozen=True, slots=True)
class _Run:
    session: LogSession
    provider: CountryProvider
    is_patient: bool

    async def step(self) -> int:
        """Settle a batch, and return how many visitors that were."""
        number = await self._adopt()
        logs = self.session.reading()
        limit = self.provider.batch_size
        waiting = await logs.countries.visitors.find_waiting(number, limit)
        if not waiting:
            return 0
        if self.is_patient and await logs.countries.sources.must_wait(number):
            return 0
        recalled = await recall(logs, self.provider, list(waiting.values()))
        if recalled.located.countries:
            return await self._settle(waiting, recalled)
        return await self._ask(number, waiting)

    async def _adopt(self) -> int:
        source = self.provider.source
        number = await self.session.reading().countries.sources.find_current(source)
        if number is None:
            logger.info("country source changes", extra={"source": source.title})
            async with self.session.by_block() as logs:
                number = await logs.countries.sources.adopt(source)
        return number

    async def _ask(self, number: int, waiting: dict[int, str]) -> int:
        """Ask, while no transaction is open."""
        try:
            located = await self.provider.locate(list(waiting.values()))
        except CountriesUnanswered as failure:
            await self._note(number, failure)
            return 0
        told = Recalled(located, utc_now() if self.provider.is_remote else None)
        return await self._settle(waiting, told, is_kept=self.provider.is_remote)

    async def _settle(
        self,
        waiting: dict[int, str],
        recalled: Recalled,
        *,
        is_kept: bool = False,
    ) -> int:
        known = recalled.located.countries
        told = {
            visitor: country_number(known[address])
            for visitor, address in waiting.items()
            if address in known
        }
        async with self.session.by_block() as logs:
            number = await logs.countries.sources.adopt(recalled.located.source)
            if is_kept:
                await logs.countries.answers.add(known)
            await logs.countries.sources.note_success(number)
            if recalled.oldest is not None:
                await logs.countries.sources.note_age(number, recalled.oldest)
            await logs.countries.visitors.settle(number, told)
        return len(told)

    async def _note(self, number: int, failure: CountriesUnanswered) -> None:
        why = {"reason": failure.reason, "error": failure.detail}
        logger.warning("countries unknown", extra=why)
        async with self.session.by_block() as logs:
            failures = await logs.countries.sources.count_failures(number)
            await logs.countries.sources.note_failure(
                number,
                failure.reason,
                failure.detail,
                _wait(failure, failures),
            )


def _wait(failure: CountriesUnanswered, failures: int) -> float:
    if failure.retry_after is not None:
        return min(max(failure.retry_after, 1), LONGEST_WISH)
    doubled: float = FIRST_WAIT[failure.reason] * 2 ** min(failures, MOST_DOUBLINGS)
    return min(doubled, LONGEST_WAIT)
