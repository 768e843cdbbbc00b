"""Stopping without losing a request.

Keep-alive connections are the trap: a client may send its next request at the moment
we close. So while draining every answer says ``Connection: close``, no new connection
is accepted, and only then are the idle ones closed. Without it a rolling restart
loses about two requests in a hundred (docs/adr/0008-serving.md).
"""

from asyncio import sleep
from typing import Final, final

from aiohttp import web
from aiohttp.typedefs import Handler
from typing_extensions import override

from prilavok.transport.framing import GuardedRunner

DRAIN_SECONDS: Final = 1


@final
class Draining:
    """Whether this process is about to stop."""

    def __init__(self) -> None:
        """Start at work."""
        self.is_on = False


DRAINING: Final = web.AppKey("draining", Draining)


@web.middleware
async def draining_middleware(
    request: web.Request,
    handler: Handler,
) -> web.StreamResponse:
    """Let go of the connection with each answer while draining.

    A middleware, because a signal would come after the header has been written.
    """
    response = await handler(request)
    if request.app[DRAINING].is_on:
        response.force_close()
    return response


@final
class DrainingRunner(GuardedRunner):
    """A runner that drains before it stops."""

    @override
    async def cleanup(self) -> None:
        """Stop listening, let clients finish, then close what is left."""
        self.app[DRAINING].is_on = True
        for site in tuple(self.sites):
            await site.stop()
        if self.server is not None and self.server.connections:
            await sleep(DRAIN_SECONDS)
        await super().cleanup()
