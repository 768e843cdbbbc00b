"""The demo provider itself, with a tally of the contacts that it says it made."""

from http import HTTPStatus
from pathlib import Path
from typing import Final

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from prilavok.embedded.demo_esp.contact_book import ContactBook
from prilavok.embedded.demo_esp.server import DemoEsp
from tests.esp.ledger import Ledger

TOKEN: Final = "demo-token"


def demo_app(ledger: Ledger) -> web.Application:
    """Serve contacts from memory."""
    book = ContactBook(Path(":memory:"))

    @web.middleware
    async def tally(request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        if answer.status == HTTPStatus.CREATED:
            assert ledger.create(orjson.loads(await request.read())["email"])
        return answer

    async def close(_app: web.Application) -> None:
        book.close()

    app = DemoEsp(book, TOKEN).create_app()
    app.middlewares.append(tally)
    app.on_cleanup.append(close)
    return app
