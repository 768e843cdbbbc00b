"""Judging passwords so that no crowd of parallel guesses gets past the limit."""

from asyncio import Lock, sleep
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from time import monotonic
from typing import Final, final
from weakref import WeakValueDictionary

from prilavok.domain.origins import origin_of
from prilavok.domain.sessions import TooManyAttempts
from prilavok.repositories.guess_limits import GuessLimits

# Longer than the longest line of passwords to judge takes.
WAIT_SECONDS: Final = 30
POLL_SECONDS: Final = 0.05


@final
class Guess:
    """One password being judged; only a wrong one counts, not one never judged."""

    def __init__(self) -> None:
        """Start before the judgement."""
        self.is_wrong = False


@final
class Guesses:
    """Admits guesses while the limits allow."""

    def __init__(self, limits: GuessLimits) -> None:
        """Start with nobody in line."""
        self._limits = limits
        self._lines: WeakValueDictionary[tuple[str, str], Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def judge(self, login: str, address: str) -> AsyncIterator[Guess]:
        """Take a guess for the block, or raise ``TooManyAttempts``.

        The guess is counted before it is judged and given back unless it was wrong.
        """
        account, origin = _account_of(login), origin_of(address)
        # Most find a guess at once; those never wait for anybody, Redis away included.
        if not await self._limits.reserve(account, origin):
            await self._stand_in_line(account, origin)
        guess = Guess()
        try:
            yield guess
        finally:
            await self._limits.settle(account, origin, is_wrong=guess.is_wrong)

    async def _stand_in_line(self, account: str, origin: str) -> None:
        """Let one at a time ask for a guess, and the others wait behind."""
        deadline = monotonic() + WAIT_SECONDS
        line = self._lines.setdefault((account, origin), Lock())
        async with line:
            await self._take(account, origin, deadline)

    async def _take(self, account: str, origin: str, deadline: float) -> None:
        while not await self._limits.reserve(account, origin):
            # Those being judged, in whatever process, may be right and give theirs
            # back; there is nothing to wait for once enough of them were wrong.
            is_over = await self._limits.is_exhausted(account, origin)
            if is_over or monotonic() > deadline:
                seconds = await self._limits.seconds_left(account, origin)
                raise TooManyAttempts("Too many wrong passwords.", seconds)
            await sleep(POLL_SECONDS)


def _account_of(login: str) -> str:
    """Name an account in counters: any string, whatever its case and length."""
    return sha256(login.lower().encode()).hexdigest()
