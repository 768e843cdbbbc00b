"""Brevo v3, https://developers.brevo.com/reference/createcontact."""

from http import HTTPStatus
from typing import Any, Final, final
from urllib.parse import quote

from aiohttp import ClientSession, hdrs

from prilavok.clients.email_provider.account import EspAccount
from prilavok.clients.email_provider.answers import (
    CREATED,
    KNOWN,
    in_words,
)
from prilavok.clients.email_provider.answers import member as text_member
from prilavok.clients.email_provider.answers import rejected, unexpected
from prilavok.clients.email_provider.exchange import Exchange
from prilavok.clients.email_provider.wire import EspReply, json_body
from prilavok.domain.esp import EspAnswer, EspMisconfigured, EspOutage

HOST: Final = "https://api.brevo.com"
API: Final = "/v3"
DUPLICATE: Final = "duplicate_parameter"
INVALID: Final = "invalid_parameter"


@final
class BrevoProvider:
    """Creating tells, in one request, whether the contact was there."""

    def __init__(self, account: EspAccount, session: ClientSession) -> None:
        """Take an account with ESP_TOKEN, the API key, and numbers of lists."""
        self._lists = account.list_numbers()
        self._exchange = Exchange(
            session,
            account.base_url(API, HOST),
            {"api-key": account.needed_token()},
        )

    async def ensure_contact(self, email: str) -> EspAnswer:
        """Create; some 400s say that it is there already, others refuse for good."""
        lists = {"listIds": self._lists} if self._lists else {}
        body = json_body({"email": email, **lists, "updateEnabled": False})
        reply = await self._exchange.ask(hdrs.METH_POST, "/contacts", body)
        if reply.status == HTTPStatus.CREATED:
            _check_id(reply.document())
            return CREATED
        if reply.status == HTTPStatus.NO_CONTENT:
            # What it says where it may update.
            return KNOWN
        if reply.status == HTTPStatus.BAD_REQUEST:
            return _refusal(reply, email)
        raise unexpected(reply)

    async def find(self, email: str) -> str | None:
        """Look it up."""
        path = f"/contacts/{quote(email, safe='')}?identifierType=email_id"
        reply = await self._exchange.ask(hdrs.METH_GET, path)
        if reply.status == HTTPStatus.OK:
            return text_member(reply.document(), "email")
        if reply.status == HTTPStatus.NOT_FOUND:
            return None
        raise unexpected(reply)


def _check_id(document: dict[str, Any]) -> None:
    if not isinstance(document.get("id"), int):
        raise EspOutage("Its answer has no number id.")


def _refusal(reply: EspReply, email: str) -> EspAnswer:
    document = reply.document()
    code = text_member(document, "code")
    message = text_member(document, "message")
    if code == DUPLICATE or _is_duplicate(document, message):
        return KNOWN
    if code == INVALID and "email" in message.lower():
        return rejected(message, email)
    # About a list, the account's credits, or its state: the email may be fine.
    said = in_words(f"{code}: {message}", email)
    raise EspMisconfigured(f"It answered 400, {said}")


def _is_duplicate(document: dict[str, Any], message: str) -> bool:
    """Read the forms of May 2026 and of the years before."""
    metadata = document.get("metadata")
    twice = metadata.get("duplicate_identifiers") if isinstance(metadata, dict) else ()
    named = isinstance(twice, list) and "email" in map(_lower, twice)
    return named or "contact already exist" in message.lower()


def _lower(found: object) -> str:
    return str(found).lower()
