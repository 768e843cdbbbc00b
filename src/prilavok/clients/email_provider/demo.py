"""The demo provider that comes with Prilavok: ``prilavok.embedded.demo_esp``."""

from http import HTTPStatus
from typing import Final, final
from urllib.parse import quote

from aiohttp import ClientSession, hdrs

from prilavok.clients.email_provider.account import EspAccount
from prilavok.clients.email_provider.answers import (
    CREATED,
    KNOWN,
    member,
    rejected,
    unexpected,
)
from prilavok.clients.email_provider.exchange import Exchange
from prilavok.clients.email_provider.wire import json_body
from prilavok.domain.esp import EspAnswer

HOST: Final = "http://127.0.0.1:8190"
API: Final = "/api"


@final
class DemoProvider:
    """Creating tells, in one request, whether the contact was there."""

    def __init__(self, account: EspAccount, session: ClientSession) -> None:
        """Take an account; ``prilavok up`` sets ESP_URL and ESP_TOKEN.

        Without them the service starts, and plays wait until there is a provider.
        """
        token = account.needed_token() if account.token else ""
        self._exchange = Exchange(
            session,
            account.base_url(API, HOST),
            {hdrs.AUTHORIZATION: f"Bearer {token}"},
        )

    async def ensure_contact(self, email: str) -> EspAnswer:
        """Create; 409 is there already, 422 refused for good."""
        body = json_body({"email": email})
        reply = await self._exchange.ask(hdrs.METH_POST, "/contacts", body)
        if reply.status == HTTPStatus.CREATED:
            member(reply.document(), "email")
            return CREATED
        if reply.status == HTTPStatus.CONFLICT:
            return KNOWN
        if reply.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            return rejected(reply.document().get("error"), email)
        raise unexpected(reply)

    async def find(self, email: str) -> str | None:
        """Look it up."""
        path = f"/contacts/{quote(email, safe='')}"
        reply = await self._exchange.ask(hdrs.METH_GET, path)
        if reply.status == HTTPStatus.OK:
            return member(reply.document(), "email")
        if reply.status == HTTPStatus.NOT_FOUND:
            return None
        raise unexpected(reply)
