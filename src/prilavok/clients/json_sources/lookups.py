"""Names to addresses, without one name holding up the loop or other names."""

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias, final

from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

from prilavok.clients.json_sources.addresses import AddressGuard, Endpoint

logger = logging.getLogger(__name__)
THREADS: Final = 64
Found: TypeAlias = asyncio.Future[list[Endpoint]]


@final
class Lookups(AbstractResolver):
    """Resolves in threads of its own: a name server that hangs must not hold others.

    Whoever asks for a name that is being looked up waits for the same answer, so that
    no name takes more than one thread.
    """

    def __init__(self, guard: AddressGuard) -> None:
        """Look names up as the guard allows."""
        self._guard = guard
        self._threads = ThreadPoolExecutor(THREADS, "lookups")
        self._pending: dict[tuple[str, int], Found] = {}

    async def find(self, host: str, port: int) -> list[Endpoint]:
        """Resolve; raises as ``AddressGuard.lookup`` does."""
        key = (host, port)
        pending = self._pending.get(key)
        if pending is None:
            pending = asyncio.get_running_loop().run_in_executor(
                self._threads,
                self._guard.lookup,
                host,
                port,
            )
            self._pending[key] = pending
            pending.add_done_callback(lambda done: self._forget(key))
        return await asyncio.shield(pending)

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
        """Let the threads end; what waits is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _forget(self, key: tuple[str, int]) -> None:
        shared = self._pending.pop(key)
        # Whoever asked may have left: then nobody else looks at the error.
        if not shared.cancelled() and shared.exception() is not None:
            logger.debug("name not resolved: %s", shared.exception())
