"""Brevo v3, as much of it as we use, by its documentation and its own client."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, final

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.esp.ledger import Ledger, is_refused

KEY: Final = "xkeysib-test"
FIELDS: Final = frozenset(("email", "listIds", "attributes", "updateEnabled"))
TAKEN: Final = "Unable to create contact, email is already associated with another"


@final
@dataclass(frozen=True, slots=True)
class Brevo:
    """Serves contacts."""

    ledger: Ledger

    def app(self) -> web.Application:
        """Assemble the server."""
        app = web.Application(middlewares=[_check_key])
        app.router.add_post("/v3/contacts", self.create)
        app.router.add_get("/v3/contacts/{email:.+}", self.show)
        return app

    async def create(self, request: web.Request) -> web.Response:
        """Make a contact, unless it is there."""
        contact = await request.json()
        if not _is_well_formed(contact):
            return _refuse("missing_parameter", "A field is wrong or missing")
        if is_refused(contact["email"]):
            said = f"Invalid email address: {contact['email']}"
            return _refuse("invalid_parameter", said)
        if self.ledger.create(contact["email"]):
            made = {"id": len(self.ledger.spelled)}
            return web.json_response(made, status=HTTPStatus.CREATED)
        twice = {"duplicate_identifiers": ["email"]}
        return _refuse("duplicate_parameter", TAKEN, metadata=twice)

    async def show(self, request: web.Request) -> web.Response:
        """Show a contact."""
        if request.query.getall("identifierType") != ["email_id"]:
            return _refuse("invalid_parameter", "Invalid identifierType")
        found = self.ledger.find(request.match_info["email"])
        if found is None:
            return _refuse(
                "document_not_found",
                "Contact does not exist",
                HTTPStatus.NOT_FOUND,
            )
        return web.json_response({"id": 7, "email": found, "attributes": {}})


def _is_well_formed(contact: dict[str, Any]) -> bool:
    numbers = contact.get("listIds", ())
    return (
        FIELDS.issuperset(contact)
        and contact.get("updateEnabled") is False
        and all(isinstance(number, int) for number in numbers)
    )


@web.middleware
async def _check_key(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.headers.get("api-key") == KEY:
        return await handler(request)
    return _refuse("unauthorized", "Key not found", HTTPStatus.UNAUTHORIZED)


def _refuse(
    code: str,
    message: str,
    status: HTTPStatus = HTTPStatus.BAD_REQUEST,
    **more: object,
) -> web.Response:
    return web.json_response(
        {"code": code, "message": message, **more},
        status=status,
    )
