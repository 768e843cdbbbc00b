"""listmonk 6, as much of it as we use.

Like the real one it puts the query, as it came, after WHERE: whoever does not escape
quotes here has lost there.
"""

import sqlite3
from http import HTTPStatus
from typing import Any, Final

from aiohttp import encode_basic_auth, web

from tests.esp.ledger import Ledger, is_refused

USER: Final = "api_user"
TOKEN: Final = "listmonk-token"
FIELDS: Final = frozenset(
    ("email", "name", "status", "lists", "attribs", "preconfirm_subscriptions"),
)


def listmonk_app(ledger: Ledger) -> web.Application:
    """Serve subscribers."""

    async def create(request: web.Request) -> web.Response:
        asked = await request.json()
        if set(asked) != FIELDS or is_refused(asked["email"]):
            return _refuse(f"Invalid email: {asked['email']}", HTTPStatus.BAD_REQUEST)
        # The real one stores addresses in lower case.
        email = asked["email"].lower()
        if ledger.create(email):
            return web.json_response({"data": {"id": 7, **asked, "email": email}})
        return _refuse("E-mail already exists.", HTTPStatus.CONFLICT)

    async def query(request: web.Request) -> web.Response:
        try:
            found = _select(ledger, request.query["query"])
        except sqlite3.Error as error:
            return _refuse(f"Error querying: {error}", HTTPStatus.BAD_REQUEST)
        rows = [{"id": 7, "email": email} for email in found]
        return web.json_response({"data": {"results": rows, "total": len(rows)}})

    app = web.Application(middlewares=[_check_token])
    app.router.add_post("/api/subscribers", create)
    app.router.add_get("/api/subscribers", query)
    return app


def _select(ledger: Ledger, where: str) -> list[str]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE subscribers (email TEXT)")
    rows = [(email,) for email in ledger.spelled.values()]
    database.executemany("INSERT INTO subscribers VALUES (?)", rows)
    found = database.execute(f"SELECT email FROM subscribers WHERE {where}").fetchall()
    database.close()
    return [email for (email,) in found]


@web.middleware
async def _check_token(request: web.Request, handler: Any) -> web.StreamResponse:
    if request.headers.get("Authorization") == encode_basic_auth(USER, TOKEN):
        answer: web.StreamResponse = await handler(request)
        return answer
    return _refuse("invalid API credentials", HTTPStatus.FORBIDDEN)


def _refuse(message: str, status: HTTPStatus) -> web.Response:
    return web.json_response({"message": message}, status=status)
