"""listmonk 6, https://listmonk.app/docs/apis/subscribers/."""

from http import HTTPStatus
from typing import Any, Final, final
from urllib.parse import urlencode

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
from prilavok.clients.email_provider.wire import EspReply, json_body
from prilavok.domain.esp import EspAnswer, EspOutage

API: Final = "/api"
SUBSCRIBERS: Final = "/subscribers"


@final
class ListmonkProvider:
    """Creating tells, in one request, whether the subscriber was there."""

    def __init__(self, account: EspAccount, session: ClientSession) -> None:
        """Take an account with ESP_URL, ESP_USER, ESP_TOKEN, and numbers of lists."""
        self._lists = account.list_numbers()
        self._exchange = Exchange(
            session,
            account.base_url(API),
            {hdrs.AUTHORIZATION: account.basic_auth()},
        )

    async def ensure_contact(self, email: str) -> EspAnswer:
        """Create; 409 is there already, 400 refused for good.

        Everything in the request but the email is of our making, so 400 is about the
        email. Its text is in the language of that listmonk and is not looked at.
        """
        body = json_body(
            {
                "email": email,
                "name": email,
                "status": "enabled",
                "lists": self._lists,
                "attribs": {},
                # Whether one has to confirm is a property of the list.
                "preconfirm_subscriptions": False,
            },
        )
        reply = await self._exchange.ask(hdrs.METH_POST, SUBSCRIBERS, body)
        if reply.status in {HTTPStatus.OK, HTTPStatus.CREATED}:
            member(_payload(reply), "email")
            return CREATED
        if reply.status == HTTPStatus.CONFLICT:
            return KNOWN
        if reply.status == HTTPStatus.BAD_REQUEST:
            return rejected(reply.document().get("message"), email)
        raise unexpected(reply)

    async def find(self, email: str) -> str | None:
        """Look it up; needs the permission ``subscribers:sql_query``."""
        # It stores addresses in lower case. In PostgreSQL's strings a quote is
        # written twice and nothing else is special.
        wanted = email.lower()
        quoted = wanted.replace("'", "''")
        query = urlencode({"query": f"subscribers.email='{quoted}'"})
        reply = await self._exchange.ask(hdrs.METH_GET, f"{SUBSCRIBERS}?{query}")
        if reply.status != HTTPStatus.OK:
            raise unexpected(reply)
        for spelled in _emails(_payload(reply)):
            if spelled.lower() == wanted:
                return spelled
        return None


def _payload(reply: EspReply) -> dict[str, Any]:
    payload = reply.document().get("data")
    if isinstance(payload, dict):
        return payload
    raise EspOutage("Its answer has no object data.")


def _emails(payload: dict[str, Any]) -> list[str]:
    found = payload.get("results")
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return [member(one, "email") for one in found]
    raise EspOutage("Its answer has no results.")
