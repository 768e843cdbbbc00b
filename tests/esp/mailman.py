"""GNU Mailman Core 3.3, as much of it as we use; the slow tests ask the real one."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import encode_basic_auth, web

from tests.esp.ledger import Ledger, is_refused

USER: Final = "restadmin"
PASSWORD: Final = "restpass"
LIST: Final = "game.example.com"
PRE: Final = ("pre_verified", "pre_confirmed", "pre_approved")


def mailman_app(ledger: Ledger) -> web.Application:
    """Serve members of one list, and addresses."""

    async def subscribe(request: web.Request) -> web.Response:
        form = await request.post()
        email = str(form["subscriber"])
        if form["list_id"] != LIST or form["send_welcome_message"] != "false":
            return _refuse(HTTPStatus.BAD_REQUEST, "No such list")
        if not email.isascii() or is_refused(email):
            return _refuse(HTTPStatus.BAD_REQUEST, 'Invalid Parameter "subscriber": .')
        if not all(form[name] == "true" for name in PRE):
            return web.json_response({"token": "x"}, status=HTTPStatus.ACCEPTED)
        if not ledger.create(email):
            return _refuse(HTTPStatus.CONFLICT, "Member already subscribed")
        place = {"Location": f"{request.url.origin()}/3.1/members/7"}
        return web.Response(status=HTTPStatus.CREATED, headers=place)

    async def show(request: web.Request) -> web.Response:
        found = ledger.find(request.match_info["email"])
        if found is None:
            return _refuse(HTTPStatus.NOT_FOUND, "404 Not Found")
        return web.json_response({"email": found.lower(), "original_email": found})

    app = web.Application(middlewares=[_check_password])
    app.router.add_post("/3.1/members", subscribe)
    app.router.add_get("/3.1/addresses/{email}", show)
    return app


@web.middleware
async def _check_password(request: web.Request, handler: Any) -> web.StreamResponse:
    if request.headers.get("Authorization") == encode_basic_auth(USER, PASSWORD):
        answer: web.StreamResponse = await handler(request)
        return answer
    return _refuse(HTTPStatus.UNAUTHORIZED, "REST API authorization failed")


def _refuse(status: HTTPStatus, description: str) -> web.Response:
    title = f"{status.value} {status.phrase}"
    return web.json_response(
        {"title": title, "description": description},
        status=status,
    )
