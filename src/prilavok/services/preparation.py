"""Starting before the stores are there: wait for them, never crash and loop."""

import logging
from asyncio import CancelledError, create_task, sleep
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, TypeAlias, final

from prilavok.domain.errors import Unavailable

logger = logging.getLogger(__name__)
Step: TypeAlias = Callable[[], Awaitable[object]]
FIRST_PAUSE_SECONDS: Final = 0.1
# So that a service that waited is ready within two seconds of its stores.
LONGEST_PAUSE_SECONDS: Final = 1


@final
class Preparation:
    """Does one step as often as it takes to succeed; meanwhile we are not ready."""

    def __init__(self, step: Step) -> None:
        """Name the step; who never starts it, as a command does not, needs it not."""
        self._step = step
        self._is_waiting = False

    async def check(self) -> None:
        """Raise ``Unavailable`` while the step fails."""
        if self._is_waiting:
            raise Unavailable("The service is still being prepared; the log says why.")

    @asynccontextmanager
    async def under_way(self) -> AsyncIterator[None]:
        """Try before the block runs and, while that fails, as long as it runs."""
        await self._attempt()
        again = create_task(self._keep_trying())
        try:
            yield
        finally:
            again.cancel()
            with suppress(CancelledError):
                await again

    async def _keep_trying(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while self._is_waiting:
            await sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, pause * 2)
            await self._attempt()

    async def _attempt(self) -> None:
        try:
            await self._step()
        except Exception as error:
            # The database may be away, older than we are, or refuse our password:
            # all of it can be put right without starting us again.
            logger.warning("not prepared yet", exc_info=error)
            self._is_waiting = True
        else:
            self._is_waiting = False
