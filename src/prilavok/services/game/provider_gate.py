"""The only way to the email service provider: breaker, budget, bounded calls."""

import logging
from asyncio import get_running_loop, timeout_at
from dataclasses import dataclass, field
from typing import Final, final

from prilavok.clients.email_provider.port import EmailProvider
from prilavok.domain.errors import Unavailable
from prilavok.domain.esp import (
    EspAnswer,
    EspMisconfigured,
    EspOutage,
    EspRateLimited,
    EspUnavailable,
)
from prilavok.domain.esp_delivery import EspNotAsked, Pause
from prilavok.repositories.esp_budget import EspBudget
from prilavok.services.game.breaker import Breaker, BreakerState

logger = logging.getLogger(__name__)
# Calls of one process that may be under way at once.
MAX_CALLS: Final = 20
OUTAGE_SECONDS: Final = 10
# Only an operator can put it right, and nobody need be told ten times a minute.
MISCONFIGURED_SECONDS: Final = 60
# What a failure says of the time to come back when the provider said nothing.
UNSAID_SECONDS: Final = 1
BUSY_SECONDS: Final = 1


@final
@dataclass(slots=True)
class ProviderGate:
    """Asks the provider where it may be asked, and remembers what that taught."""

    provider: EmailProvider
    budget: EspBudget
    breaker: Breaker
    _calls: int = field(default=0, init=False)
    _failure: str = field(default="", init=False)

    async def ask(self, email: str, seconds: float) -> EspAnswer:
        """Make sure the provider has the email, within so many seconds.

        Raises ``EspNotAsked`` where the provider was left in peace, other leaves of
        ``EspUnavailable`` where it failed.
        """
        deadline = get_running_loop().time() + seconds
        if self._calls >= MAX_CALLS:
            raise EspNotAsked("Too many calls are under way.", BUSY_SECONDS)
        if not self.breaker.admits():
            raise EspNotAsked(f"It is left alone: {self._failure}", BUSY_SECONDS)
        self._calls += 1
        try:
            await self._check_turn()
            return await self._call(email, deadline)
        finally:
            self._calls -= 1

    async def seconds_closed(self) -> float:
        """Tell for how long asking makes no sense; 0 when it does."""
        if self.breaker.state is BreakerState.OPEN:
            return self.breaker.seconds_left
        pause = await self.budget.find_pause()
        return await self.budget.seconds_spent() if pause is None else pause.seconds

    async def find_pause(self) -> Pause | None:
        """Tell why no process asks the provider now, if that is so."""
        return await self.budget.find_pause()

    async def reopen(self) -> None:
        """Ask at once whatever was learned: an operator wants to know."""
        self.breaker.note_good()
        await self.budget.end_pause()

    async def _check_turn(self) -> None:
        try:
            refusal = await self._take_turn()
        except Unavailable as error:
            # Without Redis nobody knows what the others have spent of the budget.
            self.breaker.give_back()
            raise EspNotAsked("The budget of calls is not known.") from error
        except BaseException:
            self.breaker.give_back()
            raise
        if refusal is not None:
            self.breaker.give_back()
            raise EspNotAsked(refusal, BUSY_SECONDS)

    async def _take_turn(self) -> str | None:
        """Spend one call of the budget, or tell why it is nobody's turn."""
        pause = await self.budget.find_pause()
        if pause is not None:
            return f"It is left alone: {pause.reason}"
        return None if await self.budget.take() else "The budget of calls is spent."

    async def _call(self, email: str, deadline: float) -> EspAnswer:
        try:
            answer = await self._ask_until(deadline, email)
        except EspUnavailable as error:
            await self._learn(error)
            raise
        except BaseException:
            self.breaker.give_back()
            raise
        self.breaker.note_good()
        return answer

    async def _ask_until(self, deadline: float, email: str) -> EspAnswer:
        """Take a fault of the adapter for one of the provider: both can pass."""
        try:
            async with timeout_at(deadline):
                return await self.provider.ensure_contact(email)
        except EspUnavailable:
            raise
        except TimeoutError as error:
            raise EspOutage("It did not answer in time.") from error
        except Exception as error:
            logger.exception("fault of ours in asking the email provider")
            raise EspOutage("It could not be asked.") from error

    async def _learn(self, error: EspUnavailable) -> None:
        """Count a failure; where it is one too many, tell all processes."""
        self._failure = error.detail
        seconds = self._seconds_after(error)
        if seconds:
            await self._close(Pause(seconds, error.detail))

    async def _close(self, pause: Pause) -> None:
        self.breaker.open_for(pause.seconds)
        logger.warning(
            "email provider is left alone",
            extra={"seconds": pause.seconds, "reason": pause.reason},
        )
        try:
            await self.budget.pause(pause)
        except Unavailable:
            logger.warning("the others were not told to leave the provider alone")

    def _seconds_after(self, error: EspUnavailable) -> float:
        is_bad = self.breaker.note_bad()
        if isinstance(error, EspRateLimited):
            return error.retry_after
        if isinstance(error, EspMisconfigured):
            return MISCONFIGURED_SECONDS
        least = OUTAGE_SECONDS if is_bad else 0
        is_said = error.retry_after > UNSAID_SECONDS
        return max(least, error.retry_after) if is_said else least
