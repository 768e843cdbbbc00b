"""Asking the provider while the player of a first play waits."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, final

from prilavok.domain.errors import Unavailable
from prilavok.domain.esp import EspAnswer, EspUnavailable
from prilavok.domain.esp_delivery import Delivery, EspNotAsked
from prilavok.domain.plays import CountedPlay
from prilavok.repositories.transaction import Autocommit
from prilavok.services.game.backoff import pause_after
from prilavok.services.game.provider_gate import ProviderGate

logger = logging.getLogger(__name__)
AT_ONCE: Final = timedelta(0)


@final
@dataclass(frozen=True, slots=True)
class FirstAsking:
    """Asks for at most so many seconds; what cannot be told now is the outbox's."""

    autocommit: Autocommit
    gate: ProviderGate
    seconds: float

    async def ask(self, counted: CountedPlay, email: str) -> EspAnswer | None:
        """Return the provider's answer, or None: then a worker asks later."""
        delivery = Delivery(counted.player_id, email, attempts=1)
        try:
            answer = await self.gate.ask(email, self.seconds)
        except EspNotAsked as error:
            logger.info("email waits for its turn: %s", error.detail)
            await self._release(delivery, error)
            return None
        except EspUnavailable as error:
            logger.info("email waits for the provider: %s", error.detail)
            await self._defer(delivery, error)
            return None
        await self._settle(delivery, answer)
        return answer

    async def _settle(self, delivery: Delivery, answer: EspAnswer) -> None:
        try:
            async with self.autocommit() as repositories:
                await repositories.game.outbox.settle(
                    delivery.player_id,
                    delivery.email,
                    answer,
                )
        except Unavailable as error:
            # The play is counted, and the outbox will find the contact there.
            logger.warning("answer of the provider not stored: %s", error.detail)

    async def _release(self, delivery: Delivery, error: EspNotAsked) -> None:
        with _lease_ends():
            async with self.autocommit() as repositories:
                outbox = repositories.game.outbox
                await outbox.release(delivery, error.detail, AT_ONCE)

    async def _defer(self, delivery: Delivery, error: EspUnavailable) -> None:
        pause = pause_after(delivery.attempts, error)
        with _lease_ends():
            async with self.autocommit() as repositories:
                await repositories.game.outbox.defer(delivery, error.detail, pause)


@contextmanager
def _lease_ends() -> Iterator[None]:
    """Do without the database: what was not given back is due when its lease ends."""
    try:
        yield
    except Unavailable as failure:
        logger.warning("email not given to the outbox: %s", failure.detail)
