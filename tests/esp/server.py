"""A provider on this machine whose mood can be changed while it runs."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, final

from aiohttp import web
from aiohttp.typedefs import Handler

from prilavok.clients.email_provider.opening import open_provider
from prilavok.clients.email_provider.port import EmailProvider
from tests.esp import brevo, demo, listmonk, mailman
from tests.esp.ledger import Ledger
from tests.esp.modes import Mode, answer_in_mode

HOST: Final = "127.0.0.1"


@final
@dataclass(frozen=True, slots=True)
class Kind:
    """A server, and the settings ESP_USER, ESP_TOKEN, ESP_LIST for it."""

    create_app: Callable[[Ledger], web.Application]
    user: str | None
    token: str
    contact_list: str | None


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "demo": Kind(demo.demo_app, None, demo.TOKEN, None),
        "mailman": Kind(
            mailman.mailman_app,
            mailman.USER,
            mailman.PASSWORD,
            mailman.LIST,
        ),
        "listmonk": Kind(
            listmonk.listmonk_app,
            listmonk.USER,
            listmonk.TOKEN,
            "3",
        ),
        "brevo": Kind(brevo.brevo_app, None, brevo.KEY, "3, 4"),
    },
)


@final
class EspServer:
    """Serves one of ``KINDS``.

    ``mode`` decides each next answer, ``headers`` come with 429 and 500, ``ledger`` has
    the contacts, ``calls`` counts requests, ``canary`` those to where redirects lead.
    """

    def __init__(self, provider: str) -> None:
        """Choose the provider; nothing listens yet."""
        self.provider = provider
        self.kind = KINDS[provider]
        self.ledger = Ledger()
        self.mode = Mode.OK
        self.headers: dict[str, str] = {}
        self.calls = 0
        self.canary = 0
        self.url = ""

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

        @web.middleware
        async def misbehave(
            request: web.Request,
            handler: Handler,
        ) -> web.StreamResponse:
            self.calls += 1
            self.canary += request.path == "/canary"
            return await answer_in_mode(self.mode, self.headers, request, handler)

        app = self.kind.create_app(self.ledger)
        app.middlewares.insert(0, misbehave)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, HOST, 0)
        await site.start()
        self.url = f"http://{HOST}:{runner.addresses[0][1]}"
        yield self
        await runner.cleanup()
