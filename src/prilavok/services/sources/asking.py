"""Asking one source: whatever happens, it is an outcome."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, final

from prilavok.clients.json_sources.client import SourceClient
from prilavok.clients.json_sources.port import FetchFailed
from prilavok.domain.source_items import Delivery, SourceOutcome, SourceTarget
from prilavok.domain.source_statuses import SourceStatus
from prilavok.services.flights import Flights
from prilavok.services.sources.breakers import Breakers

logger = logging.getLogger(__name__)
MILLISECONDS: Final = 1000
DISABLED: Final = SourceOutcome(SourceStatus.DISABLED)
OPEN: Final = SourceOutcome(
    SourceStatus.CIRCUIT_OPEN,
    error="It failed several times in a row; it is asked again in some seconds.",
)


@final
@dataclass(frozen=True, slots=True)
class SourceAsking:
    """Asks sources; whoever asks one that is being asked gets the same outcome.

    No source is waited for longer than ``max_seconds``. Without ``breakers`` every
    source is asked every time.
    """

    client: SourceClient
    max_seconds: float
    clock: Callable[[], float]
    breakers: Breakers | None = None
    _flights: Flights[SourceOutcome] = field(default_factory=Flights)

    async def ask(self, target: SourceTarget) -> SourceOutcome:
        """Ask unless the source is switched off or keeps failing."""
        if not target.enabled:
            return DISABLED
        if self.breakers is not None and not self.breakers.find(target).admits():
            return OPEN
        return await self.ask_now(target)

    async def ask_now(self, target: SourceTarget) -> SourceOutcome:
        """Ask whatever is known of the source."""
        return await self._flights.join(
            (target.id, target.version),
            partial(self._fetch, target),
        )

    async def _fetch(self, target: SourceTarget) -> SourceOutcome:
        started = self.clock()
        outcome = await self._outcome(target, started)
        if self.breakers is not None:
            is_good = outcome.status is SourceStatus.OK
            self.breakers.find(target).note(is_good=is_good)
        return outcome

    async def _outcome(self, target: SourceTarget, started: float) -> SourceOutcome:
        try:
            delivery = await self._delivery(target)
        except FetchFailed as error:
            return SourceOutcome(
                error.status,
                elapsed_ms=self._elapsed(started),
                error=error.error,
            )
        return SourceOutcome(
            SourceStatus.OK,
            delivery.items,
            delivery.dropped,
            self._elapsed(started),
        )

    async def _delivery(self, target: SourceTarget) -> Delivery:
        seconds = min(target.timeout_s, self.max_seconds)
        try:
            return await self.client.fetch(target, seconds)
        except FetchFailed:
            raise
        except Exception as error:
            # A fault of ours with one source must not take the others' items away.
            logger.exception("source not fetched", extra={"source": target.name})
            raise FetchFailed(
                SourceStatus.CONNECT_ERROR,
                "It could not be fetched; the log says why.",
            ) from error

    def _elapsed(self, started: float) -> int:
        return round((self.clock() - started) * MILLISECONDS)
