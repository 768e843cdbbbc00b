"""The demo provider itself, with a tally of the contacts that it says it made."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final, final

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from prilavok.embedded.demo_esp.contact_book import ContactBook
from prilavok.embedded.demo_esp.server import DemoEsp
from tests.esp.ledger import Ledger

TOKEN: Final = "demo-token"


@final
@dataclass(frozen=True, slots=True)
class Demo:
    """Serves contacts from memory."""

    ledger: Ledger

    def app(self) -> web.Application:
        """Assemble the server."""
        book = ContactBook(Path(":memory:"))
        app = DemoEsp(book, TOKEN).create_app()
        app.middlewares.append(self._tally)
        app.cleanup_ctx.append(partial(_close, book))
        return app

    @web.middleware
    async def _tally(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        response = await handler(request)
        if response.status == HTTPStatus.CREATED:
            email = orjson.loads(await request.read())["email"]
            assert self.ledger.create(email), "It says twice that it made one."
        return response


async def _close(book: ContactBook, _app: web.Application) -> AsyncIterator[None]:
    yield
    book.close()
