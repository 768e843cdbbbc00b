"""Work that is worth nothing to a client who has left."""

from asyncio import Task, create_task, current_task, sleep
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web

LOOK_SECONDS: Final = 0.05
# What logs and metrics say where the client left before it had its answer; nginx has
# the same number for it.
CLIENT_LEFT: Final = 499


@asynccontextmanager
async def attended(request: web.Request) -> AsyncIterator[None]:
    """Cancel the block, and with it the request, when its client leaves.

    aiohttp could do so for all requests only, and others must finish what they began.
    """
    watch = create_task(_watch(request, current_task()))
    try:
        yield
    finally:
        watch.cancel()


async def _watch(request: web.Request, work: Task[Any] | None) -> None:
    while not has_left(request):
        await sleep(LOOK_SECONDS)
    if work is not None:
        work.cancel()


def has_left(request: web.Request) -> bool:
    """Tell whether nobody would get an answer any more."""
    transport = request.transport
    return transport is None or transport.is_closing()
