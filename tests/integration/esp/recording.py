"""A server that writes down what it is asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, final
from urllib.parse import unquote

import orjson
from aiohttp import web

from tests.esp.serving import serving


@final
@dataclass(frozen=True, slots=True)
class Asked:
    """A request: path and query decoded, headers by name in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@final
@dataclass(slots=True)
class Recorder:
    """Answers each request as Brevo does and keeps it in ``asked``."""

    asked: list[Asked] = field(default_factory=list)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """Listen for as long as the block runs; yield the address."""
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._answer)
        async with serving(app) as url:
            yield url

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.asked.append(
            Asked(
                request.method,
                unquote(request.rel_url.raw_path),
                dict(request.query),
                {name.lower(): text for name, text in request.headers.items()},
                orjson.loads(body) if body else None,
            ),
        )
        if request.method == "POST":
            return web.json_response({"id": 1}, status=201)
        return web.json_response({"id": 1, "email": "ann@example.com"})
