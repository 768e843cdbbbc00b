"""The HTTP side of the demo provider.

``POST /api/contacts`` with ``{"email": ...}`` answers 201, 409 when the contact is
there, 422 when the email is refused for good. ``GET /api/contacts/EMAIL`` answers 200
or 404. Both want ``Authorization: Bearer TOKEN``. ``GET /`` is a page of the contacts.
"""

import re
from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from typing import Final, final

import orjson
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from prilavok.embedded.demo_esp.contact_book import Contact, ContactBook
from prilavok.embedded.demo_esp.page import HEADERS, contacts_page

SHOWN: Final = 200
MAX_BODY: Final = 4096
EMAIL: Final = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@]+")
EMAIL_LENGTH: Final = 254
# A provider refuses some addresses for good; this domain shows what happens then.
BLOCKED: Final = "@blocked.example"
# Names under which a browser on this machine comes; under others, a page of somebody
# else's has bent a name of its own to this machine to read the contacts.
HOSTS: Final = frozenset(("127.0.0.1", "localhost"))


@final
@dataclass(frozen=True, slots=True)
class DemoEsp:
    """Serves one book of contacts."""

    book: ContactBook
    token: str

    def create_app(self) -> web.Application:
        """Assemble the server."""
        app = web.Application(client_max_size=MAX_BODY, middlewares=[_only_local])
        app.router.add_get("/", self.show_page)
        app.router.add_post("/api/contacts", self.create)
        app.router.add_get("/api/contacts/{email:.+}", self.show)
        return app

    async def show_page(self, request: web.Request) -> web.Response:
        """Show people the newest contacts."""
        page = contacts_page(self.book.count(), SHOWN, self.book.newest(SHOWN))
        return web.Response(text=page, content_type="text/html", headers=HEADERS)

    async def create(self, request: web.Request) -> web.Response:
        """Add a contact."""
        self._check_token(request)
        email = _email(await request.read())
        refusal = _refusal(email)
        if refusal:
            return _json({"error": refusal}, HTTPStatus.UNPROCESSABLE_ENTITY)
        is_new = self.book.create(email)
        return self._answer(
            email,
            HTTPStatus.CREATED if is_new else HTTPStatus.CONFLICT,
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show one contact."""
        self._check_token(request)
        return self._answer(request.match_info["email"], HTTPStatus.OK)

    def _answer(self, email: str, status: HTTPStatus) -> web.Response:
        contact = self.book.find(email)
        if contact is None:
            return _json({"error": "No such contact."}, HTTPStatus.NOT_FOUND)
        return _json(_members(contact), status)

    def _check_token(self, request: web.Request) -> None:
        given = request.headers.get(hdrs.AUTHORIZATION, "").encode()
        if not compare_digest(given, f"Bearer {self.token}".encode()):
            raise web.HTTPUnauthorized(headers={hdrs.WWW_AUTHENTICATE: "Bearer"})


@web.middleware
async def _only_local(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.host.split(":")[0] in HOSTS:
        return await handler(request)
    raise web.HTTPMisdirectedRequest


def _email(body: bytes) -> str:
    """Read the body; what is no object with a text stands for no email."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise web.HTTPBadRequest(text=f"No JSON: {error}") from error
    email = document.get("email") if isinstance(document, dict) else None
    return email if isinstance(email, str) else ""


def _refusal(email: str) -> str:
    if len(email) > EMAIL_LENGTH or not EMAIL.fullmatch(email):
        return "This is no email address."
    if email.casefold().endswith(BLOCKED):
        return "Addresses of this domain are blocked here."
    return ""


def _members(contact: Contact) -> dict[str, str]:
    return {"email": contact.email, "created_at": contact.created_at}


def _json(answer: object, status: HTTPStatus) -> web.Response:
    return web.Response(
        body=orjson.dumps(answer),
        status=status,
        content_type="application/json",
    )
