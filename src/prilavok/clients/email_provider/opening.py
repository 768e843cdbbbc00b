"""Choosing the provider."""

from asyncio import timeout
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias, final

from aiohttp import ClientSession

from prilavok.clients.email_provider.account import EspAccount
from prilavok.clients.email_provider.brevo import BrevoProvider
from prilavok.clients.email_provider.demo import DemoProvider
from prilavok.clients.email_provider.listmonk import ListmonkProvider
from prilavok.clients.email_provider.mailman import MailmanProvider
from prilavok.clients.email_provider.port import EmailProvider
from prilavok.clients.email_provider.session import open_session
from prilavok.domain.esp import EspAnswer, EspOutage
from prilavok.settings import SettingsError

Adapter: TypeAlias = Callable[[EspAccount, ClientSession], EmailProvider]
# By their names in ESP_PROVIDER. A new one is a module and a line here.
PROVIDERS: Final[Mapping[str, Adapter]] = MappingProxyType(
    {
        "demo": DemoProvider,
        "mailman": MailmanProvider,
        "listmonk": ListmonkProvider,
        "brevo": BrevoProvider,
    },
)


@asynccontextmanager
async def open_provider(
    name: str,
    url: str | None,
    user: str | None,
    token: str | None,
    contact_list: str | None,
    seconds: float,
) -> AsyncIterator[EmailProvider]:
    """Give one of ``PROVIDERS`` for as long as the block runs.

    The arguments are the settings ESP_PROVIDER, ESP_URL, ESP_USER, ESP_TOKEN,
    ESP_LIST, ESP_TIMEOUT_SECONDS. Nothing is asked yet. Raises ``SettingsError`` when
    the provider needs others.
    """
    adapter = PROVIDERS.get(name)
    if adapter is None:
        names = ", ".join(PROVIDERS)
        raise SettingsError(f"ESP_PROVIDER: one of {names} is wanted.")
    account = EspAccount(url, user, token, contact_list)
    async with open_session() as session:
        yield TimedProvider(adapter(account, session), seconds)


@final
@dataclass(frozen=True, slots=True)
class TimedProvider:
    """Ends each question in time, however many requests it takes."""

    provider: EmailProvider
    seconds: float

    async def ensure_contact(self, email: str) -> EspAnswer:
        """Do as the provider does."""
        try:
            async with timeout(self.seconds):
                return await self.provider.ensure_contact(email)
        except TimeoutError:
            raise self._too_slow() from None

    async def find(self, email: str) -> str | None:
        """Do as the provider does."""
        try:
            async with timeout(self.seconds):
                return await self.provider.find(email)
        except TimeoutError:
            raise self._too_slow() from None

    def _too_slow(self) -> EspOutage:
        return EspOutage(f"It gave no complete answer within {self.seconds} s.")
