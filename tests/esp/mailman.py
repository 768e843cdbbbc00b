"""GNU Mailman Core 3.3, as much of it as we use; the slow tests ask the real one."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, final

from aiohttp import encode_basic_auth, web
from aiohttp.typedefs import Handler

from tests.esp.ledger import Ledger, is_refused

USER: Final = "restadmin"
PASSWORD: Final = "restpass"
LIST: Final = "game.example.com"
PRE: Final = ("pre_verified", "pre_confirmed", "pre_approved")


@final
@dataclass(frozen=True, slots=True)
class Mailman:
    """Serves members of one list, and addresses."""

    ledger: Ledger

    def app(self) -> web.Application:
        """Assemble the server."""
        app = web.Application(middlewares=[_check_password])
        app.router.add_post("/3.1/members", self.subscribe)
        app.router.add_get("/3.1/addresses/{email:.+}", self.show)
        return app

    async def subscribe(self, request: web.Request) -> web.Response:
        """Make a member, unless it is there."""
        form = await request.post()
        refusal = _refusal(form)
        if refusal:
            return _refuse(HTTPStatus.BAD_REQUEST, refusal)
        if not self.ledger.create(str(form["subscriber"])):
            return _refuse(HTTPStatus.CONFLICT, "Member already subscribed")
        place = {"Location": f"{request.url.origin()}/3.1/members/7"}
        return web.Response(status=HTTPStatus.CREATED, headers=place)

    async def show(self, request: web.Request) -> web.Response:
        """Show an address."""
        found = self.ledger.find(request.match_info["email"])
        if found is None:
            return _refuse(HTTPStatus.NOT_FOUND, "404 Not Found")
        return web.json_response({"email": found.lower(), "original_email": found})


def _refusal(form: Mapping[str, Any]) -> str:
    if form["list_id"] != LIST:
        return "No such list"
    # Else it would ask the person, which is another story.
    if form["send_welcome_message"] != "false" or {form[name] for name in PRE} != {
        "true",
    }:
        return "Invalid Parameter: not the request that was agreed on"
    email = str(form["subscriber"])
    is_good = email.isascii() and not is_refused(email)
    return "" if is_good else 'Invalid Parameter "subscriber": .'


@web.middleware
async def _check_password(
    request: web.Request,
    handler: Handler,
) -> web.StreamResponse:
    if request.headers.get("Authorization") == encode_basic_auth(USER, PASSWORD):
        return await handler(request)
    return _refuse(HTTPStatus.UNAUTHORIZED, "REST API authorization failed")


def _refuse(status: HTTPStatus, description: str) -> web.Response:
    title = f"{status.value} {status.phrase}"
    return web.json_response(
        {"title": title, "description": description},
        status=status,
    )
