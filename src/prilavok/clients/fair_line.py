"""A bounded line in which callers take turns by where they come from."""

from asyncio import CancelledError, Future, get_running_loop
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, TypeAlias, final

from prilavok.domain.errors import Unavailable

# Beyond these, callers are told to come back.
MAX_WAITING: Final = 200
Turn: TypeAlias = Future[None]


@final
class FairLine:
    """Admits so many at once; origins are served in turn, each in its own order.

    So nobody waits longer for a crowd from elsewhere than for one of them. When all
    places are taken, the last of the most crowded origin has to leave.
    """

    def __init__(self, places: int) -> None:
        """Admit this many at once."""
        self._free = places
        self._waiting: dict[str, deque[Turn]] = {}

    @asynccontextmanager
    async def turn(self, origin: str) -> AsyncIterator[None]:
        """Wait for a turn, keep it while the block runs; or raise ``Unavailable``."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(origin)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, origin: str) -> None:
        self._make_room(origin)
        turn = get_running_loop().create_future()
        self._waiting.setdefault(origin, deque()).append(turn)
        try:
            await turn
        except CancelledError:
            if not turn.cancelled() and turn.exception() is None:
                # The turn came at the moment when its caller left.
                self._pass_on()
            raise

    def _make_room(self, origin: str) -> None:
        if sum(map(len, self._waiting.values())) < MAX_WAITING:
            return
        crowded = max(self._waiting, key=lambda it: len(self._waiting[it]))
        refusal = Unavailable("Too many sign-ins at once; try again soon.")
        crowd = self._waiting[crowded]
        if len(self._waiting.get(origin, ())) >= len(crowd):
            raise refusal
        turn = crowd.pop()
        if not crowd:
            self._waiting.pop(crowded)
        if not turn.done():
            turn.set_exception(refusal)

    def _pass_on(self) -> None:
        """Give a turn to the origin that was served longest ago."""
        while self._waiting:
            origin = next(iter(self._waiting))
            line = self._waiting.pop(origin)
            turn = line.popleft()
            if line:
                self._waiting[origin] = line
            # Who left while waiting is passed over.
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
