"""Requests that take long end when their sender loses the right to make them."""

import logging
from asyncio import CancelledError, Task, create_task, current_task, sleep
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, final

from aiohttp import web

from prilavok.domain.errors import DomainError, Unavailable
from prilavok.transport.keys import ACTOR, ADMIT

logger = logging.getLogger(__name__)
# With the time that a check may take, an end is at most five seconds late.
CHECK_SECONDS: Final = 3


@final
class KeptAccess:
    """What is known of a request's access while the request is served."""

    def __init__(self, request: web.Request) -> None:
        """Start with access that has just been checked."""
        self._request = request
        self._refusal: DomainError | None = None
        self._work: Task[Any] | None = None
        self._is_over = False

    @contextmanager
    def during(self) -> Iterator[None]:
        """Raise what refuses the request, before the block or in the middle of it."""
        self._raise_refusal()
        work = current_task()
        self._work = work
        try:
            yield
        except CancelledError:
            if work is not None and self._refusal is not None:
                work.uncancel()
            self._raise_refusal()
            raise
        finally:
            self._work = None

    async def watch(self) -> None:
        """Check every few seconds, and stop what relies on access that was lost.

        asyncio may lose a cancellation (``wait_for`` before Python 3.12 does), so both
        being stopped and stopping do not rely on a single one.
        """
        while not self._is_over:
            await sleep(CHECK_SECONDS)
            if self._refusal is None:
                await self._check()
            if self._refusal is not None and self._work is not None:
                self._work.cancel()

    def end(self) -> None:
        """Check no more."""
        self._is_over = True

    def _raise_refusal(self) -> None:
        if self._refusal is not None:
            raise self._refusal

    async def _check(self) -> None:
        actor = self._request[ACTOR]
        try:
            await self._request[ADMIT]()
        except Unavailable as error:
            # A store is away: whoever had access keeps it until we know better.
            logger.warning("access not checked", extra={"error": error.detail})
        except DomainError as error:
            self._refusal = error
        finally:
            # What has begun is still their doing, in the log as well.
            self._request[ACTOR] = actor


@asynccontextmanager
async def kept_access(request: web.Request) -> AsyncIterator[KeptAccess]:
    """Watch the access of a request while the block runs."""
    access = KeptAccess(request)
    watch = create_task(access.watch())
    try:
        yield access
    finally:
        access.end()
        watch.cancel()
