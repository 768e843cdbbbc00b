"""A local server in ipinfo's place, which answers as a test wants it to."""

import json
from asyncio import Event
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias, final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from ipinfo import handler_async

TOKEN: Final = "a-token"
Answer: TypeAlias = Callable[[list[str]], Awaitable[web.StreamResponse]]


@final
class IpinfoStub:
    """Knows some countries; ``asked`` has the batches that came, with a right token.

    ``answer`` may be replaced by something that misbehaves.
    """

    def __init__(self, countries: Mapping[str, str]) -> None:
        """Know these countries, and of all other addresses that they have none."""
        self.countries = dict(countries)
        self.asked: list[list[str]] = []
        self.answer: Answer = self.tell

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Take a batch."""
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "Unknown token"}, status=403)
        addresses = await request.json()
        self.asked.append(addresses)
        return await self.answer(addresses)

    async def tell(self, addresses: list[str]) -> web.StreamResponse:
        """Answer as ipinfo does."""
        return web.json_response({one: self.entry(one) for one in addresses})

    def entry(self, address: str) -> dict[str, Any]:
        """Describe an address as ipinfo does."""
        if address not in self.countries:
            return {"ip": address, "bogon": True}
        return {"ip": address, "country": self.countries[address], "loc": "1.0,2.0"}


@asynccontextmanager
async def open_stub(
    patch: pytest.MonkeyPatch,
    countries: Mapping[str, str],
) -> AsyncIterator[IpinfoStub]:
    """Let the library talk to a stub for as long as the block runs."""
    stub = IpinfoStub(countries)
    app = web.Application(client_max_size=2**20)
    app.router.add_post("/batch", stub.serve)
    async with TestServer(app) as server:
        url = str(server.make_url("")).rstrip("/")
        patch.setattr(handler_async, "API_URL", url)
        yield stub


@final
class Always:
    """Answers so, whatever is asked."""

    def __init__(self, status: int, body: object = None, **headers: str) -> None:
        """Take text as it is, and all else as JSON; ``_`` stands for ``-``."""
        self._status = status
        self._text = body if isinstance(body, str) else json.dumps(body)
        self._headers = {name.replace("_", "-"): text for name, text in headers.items()}

    async def __call__(self, addresses: list[str]) -> web.StreamResponse:
        """Answer."""
        return web.Response(
            text=self._text,
            status=self._status,
            headers=self._headers,
            content_type="application/json",
        )


async def hang(addresses: list[str]) -> web.StreamResponse:
    """Never answer."""
    await Event().wait()
    raise AssertionError("Nobody waits for this.")
