"""Serving an application of a test at a free port."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, final

from aiohttp import web

HOST: Final = "127.0.0.1"


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """Serve for as long as the block runs; yield the address."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    try:
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@final
@dataclass(slots=True)
class Canned:
    """Gives every POST the same answer and counts them; every GET is 404."""

    document: Any
    status: int = 400
    headers: Mapping[str, str] = field(default_factory=dict)
    calls: int = 0

    def app(self) -> web.Application:
        """Assemble the server."""
        app = web.Application()
        app.router.add_post("/{path:.*}", self._answer)
        app.router.add_get("/{path:.*}", _nothing)
        return app

    async def _answer(self, _request: web.Request) -> web.Response:
        self.calls += 1
        return web.json_response(
            self.document,
            status=self.status,
            headers=self.headers,
        )


async def _nothing(_request: web.Request) -> web.Response:
    return web.json_response({}, status=404)
