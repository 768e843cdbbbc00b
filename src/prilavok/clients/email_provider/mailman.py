"""GNU Mailman Core 3.3, https://docs.mailman3.org/projects/mailman/."""

from http import HTTPStatus
from types import MappingProxyType
from typing import Final, final
from urllib.parse import quote

import idna
from aiohttp import ClientSession, hdrs

from prilavok.clients.email_provider.account import EspAccount
from prilavok.clients.email_provider.answers import (
    CREATED,
    KNOWN,
    in_words,
    member,
    rejected,
    unexpected,
)
from prilavok.clients.email_provider.exchange import Exchange
from prilavok.clients.email_provider.wire import EspReply, form_body
from prilavok.domain.esp import EspAnswer, EspMisconfigured, EspOutage

API: Final = "/3.1"
# How texts of its 400s begin, by whose fault it is. There are others: two creators at
# once can make it answer 400 with an error of its database.
ABOUT_EMAIL: Final = (
    'Invalid Parameter "subscriber"',
    "Invalid email address",
    "Membership is banned",
)
ABOUT_SETTINGS: Final = ("No such list", "Missing Parameter", "Invalid Parameter")
# The shop has the person's consent: nobody is asked again, nobody is written to.
AT_ONCE: Final = MappingProxyType(
    {
        "pre_verified": "true",
        "pre_confirmed": "true",
        "pre_approved": "true",
        "send_welcome_message": "false",
    },
)


@final
class MailmanProvider:
    """Looks first, then subscribes.

    Who has left a list keeps an address in Mailman. Subscribing would succeed and
    would bring the person back against his will, so it cannot be the question.
    Subscribing still tells two creators apart: the second hears 409.
    """

    def __init__(self, account: EspAccount, session: ClientSession) -> None:
        """Take an account with ESP_URL, ESP_USER, ESP_TOKEN, ESP_LIST."""
        # An id of a list is its posting address with a dot for the @.
        self._list_id = account.list_name().replace("@", ".")
        self._exchange = Exchange(
            session,
            account.base_url(API),
            {hdrs.AUTHORIZATION: account.basic_auth()},
        )

    async def ensure_contact(self, email: str) -> EspAnswer:
        """Subscribe unless the address is there."""
        if await self.find(email) is not None:
            return KNOWN
        subscriber = _in_ascii(email)
        fields = {"list_id": self._list_id, "subscriber": subscriber, **AT_ONCE}
        reply = await self._exchange.ask(hdrs.METH_POST, "/members", form_body(fields))
        if reply.status == HTTPStatus.CREATED:
            return CREATED
        if reply.status == HTTPStatus.CONFLICT:
            return KNOWN
        if reply.status == HTTPStatus.BAD_REQUEST:
            return _refusal(reply, email)
        raise unexpected(reply)

    async def find(self, email: str) -> str | None:
        """Look it up, on whatever list it is or was."""
        path = f"/addresses/{quote(_in_ascii(email), safe='')}"
        reply = await self._exchange.ask(hdrs.METH_GET, path)
        if reply.status == HTTPStatus.OK:
            return member(reply.document(), "email")
        if reply.status == HTTPStatus.NOT_FOUND:
            return None
        raise unexpected(reply)


def _refusal(reply: EspReply, email: str) -> EspAnswer:
    reason = member(reply.document(), "description")
    said = in_words(reason, email)
    if reason.startswith(ABOUT_EMAIL):
        return rejected(reason, email)
    if reason.startswith(ABOUT_SETTINGS):
        raise EspMisconfigured(f"It answered 400, {said}")
    raise EspOutage(f"It answered 400, {said}")


def _in_ascii(email: str) -> str:
    """Spell the domain in ASCII (IDNA 2008): Mailman takes nothing else."""
    local, _, domain = email.rpartition("@")
    try:
        spelled = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        # No domain at all: Mailman says so better.
        return email
    return f"{local}@{spelled}"
