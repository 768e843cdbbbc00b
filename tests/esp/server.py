"""A provider on this machine whose mood can be changed while it runs."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol, final

from aiohttp import web
from aiohttp.typedefs import Handler

from prilavok.clients.email_provider.opening import open_provider
from prilavok.clients.email_provider.port import EmailProvider
from tests.esp import brevo, demo, listmonk, mailman
from tests.esp.ledger import Ledger
from tests.esp.modes import Mode, Mood, answer_in_mode
from tests.esp.serving import serving


class Served(Protocol):
    """A server of a provider's API."""

    def app(self) -> web.Application:
        """Assemble it."""


@final
@dataclass(frozen=True, slots=True)
class Kind:
    """A server, and the settings ESP_USER, ESP_TOKEN, ESP_LIST for it."""

    create: Callable[[Ledger], Served]
    user: str | None
    token: str
    contact_list: str | None


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "demo": Kind(demo.Demo, None, demo.TOKEN, None),
        "mailman": Kind(
            mailman.Mailman,
            mailman.USER,
            mailman.PASSWORD,
            mailman.LIST,
        ),
        "listmonk": Kind(
            listmonk.Listmonk,
            listmonk.USER,
            listmonk.TOKEN,
            "3",
        ),
        "brevo": Kind(brevo.Brevo, None, brevo.KEY, "3, 4"),
    },
)


@final
class EspServer:
    """Serves one of ``KINDS``.

    ``turn`` decides how it answers from now on, ``ledger`` has the contacts, ``calls``
    counts requests, ``canary`` those to where redirects lead.
    """

    def __init__(self, provider: str) -> None:
        """Choose the provider; nothing listens yet."""
        self.provider = provider
        self.kind = KINDS[provider]
        self.ledger = Ledger()
        self.mood = Mood()
        self.calls = 0
        self.canary = 0
        self.url = ""

    def turn(self, mode: Mode, **headers: str) -> None:
        """Answer like this from now on; underscores in names of headers are dashes."""
        self.mood.mode = mode
        self.mood.headers = {
            name.replace("_", "-"): told for name, told in headers.items()
        }

    def opened(
        self,
        seconds: float = 5,
        token: str | None = None,
    ) -> AbstractAsyncContextManager[EmailProvider]:
        """Open our adapter for it, with right credentials unless others are given."""
        kind = self.kind
        shown = token or kind.token
        return open_provider(
            self.provider,
            self.url,
            kind.user,
            shown,
            kind.contact_list,
            seconds,
        )

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["EspServer"]:
        """Listen at a free port for as long as the block runs."""
        app = self.kind.create(self.ledger).app()
        app.middlewares.insert(0, self._misbehave)
        async with serving(app) as url:
            self.url = url
            try:
                yield self
            finally:
                self.mood.closing.set()

    @web.middleware
    async def _misbehave(
        self,
        request: web.Request,
        handler: Handler,
    ) -> web.StreamResponse:
        self.calls += 1
        self.canary += request.path == "/canary"
        return await answer_in_mode(self.mood, request, handler)
