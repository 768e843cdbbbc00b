"""listmonk 6, as much of it as we use.

Like the real one it puts the query, as it came, after WHERE: whoever does not escape
quotes here has lost there.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, final

from aiohttp import encode_basic_auth, web
from aiohttp.typedefs import Handler

from tests.esp.ledger import Ledger, is_refused

USER: Final = "api_user"
TOKEN: Final = "listmonk-token"
FIELDS: Final = frozenset(
    ("email", "name", "status", "lists", "attribs", "preconfirm_subscriptions"),
)


@final
@dataclass(frozen=True, slots=True)
class Listmonk:
    """Serves subscribers."""

    ledger: Ledger

    def app(self) -> web.Application:
        """Assemble the server."""
        app = web.Application(middlewares=[_check_token])
        app.router.add_post("/api/subscribers", self.create)
        app.router.add_get("/api/subscribers", self.query)
        return app

    async def create(self, request: web.Request) -> web.Response:
        """Make a subscriber, in lower case as the real one does."""
        asked = await request.json()
        if set(asked) != FIELDS or is_refused(asked["email"]):
            return _refuse(f"Invalid email: {asked['email']}", HTTPStatus.BAD_REQUEST)
        email = asked["email"].lower()
        if self.ledger.create(email):
            return web.json_response({"data": {"id": 7, **asked, "email": email}})
        return _refuse("E-mail already exists.", HTTPStatus.CONFLICT)

    async def query(self, request: web.Request) -> web.Response:
        """Select subscribers."""
        try:
            found = self._select(request.query["query"])
        except sqlite3.Error as error:
            return _refuse(f"Error querying: {error}", HTTPStatus.BAD_REQUEST)
        rows = [{"id": 7, "email": email} for email in found]
        return web.json_response({"data": {"results": rows, "total": len(rows)}})

    def _select(self, where: str) -> Sequence[str]:
        rows = [(email,) for email in self.ledger.spelled.values()]
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute("CREATE TABLE subscribers (email TEXT)")
            database.executemany("INSERT INTO subscribers VALUES (?)", rows)
            found = database.execute(f"SELECT email FROM subscribers WHERE {where}")
            return [row[0] for row in found]


@web.middleware
async def _check_token(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.headers.get("Authorization") == encode_basic_auth(USER, TOKEN):
        return await handler(request)
    return _refuse("invalid API credentials", HTTPStatus.FORBIDDEN)


def _refuse(message: str, status: HTTPStatus) -> web.Response:
    return web.json_response({"message": message}, status=status)
