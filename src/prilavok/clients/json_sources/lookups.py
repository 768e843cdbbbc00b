"""Names to addresses, without one name holding up the loop or other names."""

import asyncio
import logging
import socket
from collections.abc import Callable
from concurrent import futures
from contextlib import suppress
from threading import Thread
from typing import Final, TypeAlias, final

from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

from prilavok.clients.json_sources.addresses import AddressGuard, Endpoint
from prilavok.domain.sources import MAX_SOURCES

logger = logging.getLogger(__name__)
# All sources at once, and as many again that are checked or have just been edited.
MAX_LOOKUPS: Final = 2 * MAX_SOURCES
Found: TypeAlias = asyncio.Future[list[Endpoint]]
OutsideFound: TypeAlias = futures.Future[list[Endpoint]]


@final
class Lookups(AbstractResolver):
    """Resolves each name in a thread of its own: one that hangs holds up no others.

    Whoever asks for a name that is being looked up waits for the same answer, so that
    no name takes more than one thread. The threads are daemons: the system gives up
    a name after half a minute only, and nobody who ends the process waits for that.
    """

    def __init__(self, guard: AddressGuard) -> None:
        """Look names up as the guard allows; needs a running loop."""
        self._guard = guard
        self._loop = asyncio.get_running_loop()
        self._pending: dict[tuple[str, int], Found] = {}

    def check(self, address: str) -> None:
        """Raise ``AddressRefused`` unless this literal address is allowed."""
        self._guard.check(address)

    async def find(self, host: str, port: int) -> list[Endpoint]:
        """Resolve; raises as ``AddressGuard.lookup`` does."""
        pending = self._pending.get((host, port)) or self._start(host, port)
        return await asyncio.shield(pending)

    def find_outside(self, host: str, port: int) -> OutsideFound:
        """Do as ``find``, for threads other than the loop's."""
        return asyncio.run_coroutine_threadsafe(self.find(host, port), self._loop)

    @override
    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """Resolve for aiohttp, which asks for names only, never for literals."""
        return [
            ResolveResult(
                hostname=host,
                host=endpoint.address,
                port=port,
                family=endpoint.family,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for endpoint in await self.find(host, port)
        ]

    @override
    async def close(self) -> None:
        """Drop what is under way."""
        for pending in tuple(self._pending.values()):
            pending.cancel()

    def _start(self, host: str, port: int) -> Found:
        if len(self._pending) >= MAX_LOOKUPS:
            raise OSError("Too many names are being looked up.")
        found: Found = self._loop.create_future()
        look = Thread(target=self._look, args=(host, port, found), daemon=True)
        try:
            look.start()
        except RuntimeError as error:
            # Nobody would ever tell what came of it.
            raise OSError("No thread is to be had for a name.") from error
        self._pending[host, port] = found
        found.add_done_callback(lambda done: self._forget(host, port))
        return found

    def _look(self, host: str, port: int, found: Found) -> None:
        """Do the blocking part, and tell the loop what came of it."""
        try:
            endpoints = self._guard.lookup(host, port)
        except Exception as error:
            _tell(found, found.set_exception, error)
        else:
            _tell(found, found.set_result, endpoints)

    def _forget(self, host: str, port: int) -> None:
        shared = self._pending.pop((host, port))
        # Whoever asked may have left: then nobody else looks at the error.
        if not shared.cancelled() and shared.exception() is not None:
            logger.debug("name not resolved: %s", shared.exception())


def _tell(found: Found, settle: Callable[..., None], outcome: object) -> None:
    # The loop may have ended meanwhile: then nobody waits.
    with suppress(RuntimeError):
        found.get_loop().call_soon_threadsafe(_settle, found, settle, outcome)


def _settle(found: Found, settle: Callable[..., None], outcome: object) -> None:
    if not found.done():
        settle(outcome)
