"""Working off the outbox: what waits for the provider is asked again."""

import logging
from asyncio import Lock, gather, get_running_loop, sleep
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, final

from prilavok.domain.errors import Unavailable
from prilavok.domain.esp import EspUnavailable
from prilavok.domain.esp_delivery import (
    Backlog,
    Delivered,
    Delivery,
    EspNotAsked,
    OutboxState,
)
from prilavok.repositories.transaction import Autocommit, Reading
from prilavok.services.game.backoff import pause_after
from prilavok.services.game.breaker import BreakerState
from prilavok.services.game.provider_gate import ProviderGate
from prilavok.services.sweeping import never, sweep

logger = logging.getLogger(__name__)
# Emails that one process delivers at once.
BATCH: Final = 10
# A provider that is slow for a waiting player may take its time here.
CALL_SECONDS: Final = 10
# Longer than a delivery takes: who holds an email for so long has died.
LEASE: Final = timedelta(minutes=0.5)
LOOK_SECONDS: Final = 1
SHORTEST_SECONDS: Final = 0.05
SETTLED: Final = "settled"
DEFERRED: Final = "deferred"
# Beyond that somebody should look: a provider that works keeps nobody waiting so long.
OVERDUE_SECONDS: Final = 120


@final
@dataclass(frozen=True, slots=True)
class DeliveryService:
    """Delivers what is due; any number of processes may do so at once.

    An email is leased before it is delivered, so that no two do the same; a lease ends
    by itself, so that nothing is lost with who held it. Asking twice makes no second
    contact.
    """

    reading: Reading
    autocommit: Autocommit
    gate: ProviderGate
    _turn: Lock = field(default_factory=Lock)

    async def deliver_due(self, seconds: float) -> Delivered:
        """Deliver for at most so many seconds, or until nothing is due that soon.

        In one process a second call returns at once, for the first does its work.
        """
        if self._turn.locked():
            return Delivered(0, 0, (await self.look()).pending)
        done: Counter[str] = Counter()
        async with self._turn:
            deadline = get_running_loop().time() + seconds
            pause: float = 0
            while get_running_loop().time() + pause < deadline:
                await sleep(min(pause, LOOK_SECONDS))
                pause = await self._deliver_batch(done)
        backlog = await self.look()
        return Delivered(done[SETTLED], done[DEFERRED], backlog.pending)

    async def hurry(self) -> int:
        """Make all that waits due now, whatever was learned; return how many."""
        await self.gate.reopen()
        async with self.autocommit() as repositories:
            return await repositories.game.outbox.hurry()

    async def look(self) -> Backlog:
        """Tell what waits."""
        async with self.reading() as repositories:
            return await repositories.game.outbox.look()

    async def state(self) -> OutboxState:
        """Tell how much waits, and whether the provider is asked at all."""
        backlog, pause = await self.look(), await self.gate.find_pause()
        breaker = BreakerState.CLOSED if pause is None else BreakerState.OPEN
        reason = None if pause is None else f"It is not asked now: {pause.reason}"
        if reason is None and backlog.overdue_s > OVERDUE_SECONDS:
            reason = (
                f"{backlog.pending} emails wait, {backlog.overdue_s} s beyond their "
                "time: is a worker running, and the budget of calls large enough?"
            )
        return OutboxState(breaker, backlog.pending, backlog.overdue_s, reason)

    async def clean(self, is_stopping: Callable[[], bool] = never) -> int:
        """Forget idempotency keys that are older than a day; tell how many."""
        return await sweep(self._forget_keys, is_stopping)

    async def _forget_keys(self, at_once: int) -> int:
        async with self.autocommit() as repositories:
            return await repositories.game.keys.forget_old(at_once)

    async def _deliver_batch(self, done: Counter[str]) -> float:
        """Deliver some; return for how many seconds there is nothing to do."""
        closed = await self.gate.seconds_closed()
        if closed:
            return closed
        async with self.autocommit() as repositories:
            batch = await repositories.game.outbox.lease(BATCH, LEASE)
        if batch:
            done.update(await gather(*map(self._deliver, batch)))
            return 0
        until_next = (await self.look()).until_next_s
        return float("inf") if until_next is None else max(until_next, SHORTEST_SECONDS)

    async def _deliver(self, delivery: Delivery) -> str:
        try:
            return await self._ask(delivery)
        except Unavailable as error:
            # Our database: the lease ends, and it is done again.
            logger.warning("delivery not noted: %s", error.detail)
            return DEFERRED

    async def _ask(self, delivery: Delivery) -> str:
        try:
            answer = await self.gate.ask(delivery.email, CALL_SECONDS)
        except EspNotAsked as error:
            await self._release(delivery, error)
            return DEFERRED
        except EspUnavailable as error:
            await self._defer(delivery, error, pause_after(delivery.attempts, error))
            return DEFERRED
        async with self.autocommit() as repositories:
            await repositories.game.outbox.settle(
                delivery.player_id,
                delivery.email,
                answer,
            )
        return SETTLED

    async def _release(self, delivery: Delivery, error: EspNotAsked) -> None:
        hold = timedelta(seconds=error.retry_after)
        async with self.autocommit() as repositories:
            await repositories.game.outbox.release(delivery, error.detail, hold)

    async def _defer(
        self,
        delivery: Delivery,
        error: EspUnavailable,
        pause: timedelta,
    ) -> None:
        async with self.autocommit() as repositories:
            await repositories.game.outbox.defer(delivery, error.detail, pause)
