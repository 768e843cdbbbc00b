"""Brevo v3, as much of it as we use, by its documentation and its own client."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from tests.esp.ledger import Ledger, is_refused

KEY: Final = "xkeysib-test"
FIELDS: Final = frozenset(("email", "listIds", "attributes", "updateEnabled"))


def brevo_app(ledger: Ledger) -> web.Application:
    """Serve contacts."""

    async def create(request: web.Request) -> web.Response:
        contact = await request.json()
        if not FIELDS.issuperset(contact) or contact["updateEnabled"]:
            return _refuse("missing_parameter", "Field is unknown")
        if not all(isinstance(number, int) for number in contact.get("listIds", ())):
            return _refuse("invalid_parameter", "listIds should be type array")
        if 99 in contact.get("listIds", ()):
            return _refuse("invalid_parameter", "List ID does not exist")
        if is_refused(contact["email"]):
            said = f"Invalid email address: {contact['email']}"
            return _refuse("invalid_parameter", said)
        if ledger.create(contact["email"]):
            made = {"id": len(ledger.spelled)}
            return web.json_response(made, status=HTTPStatus.CREATED)
        return _refuse(
            "duplicate_parameter",
            "Unable to create contact, email is already associated with another Contact",
            metadata={"duplicate_identifiers": ["email"]},
        )

    async def show(request: web.Request) -> web.Response:
        if request.query.getall("identifierType") != ["email_id"]:
            return _refuse("invalid_parameter", "Invalid identifierType")
        found = ledger.find(request.match_info["email"])
        if found is None:
            return _refuse(
                "document_not_found",
                "Contact does not exist",
                HTTPStatus.NOT_FOUND,
            )
        return web.json_response({"id": 7, "email": found, "attributes": {}})

    app = web.Application(middlewares=[_check_key])
    app.router.add_post("/v3/contacts", create)
    app.router.add_get("/v3/contacts/{email}", show)
    return app


@web.middleware
async def _check_key(request: web.Request, handler: Any) -> web.StreamResponse:
    if request.headers.get("api-key") == KEY:
        answer: web.StreamResponse = await handler(request)
        return answer
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
