"""Clients of what is outside, as the settings want them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from prilavok.clients.countries.opening import open_countries
from prilavok.clients.countries.provider import CountryDataUnusable, CountryProvider
from prilavok.clients.email_provider.opening import open_provider
from prilavok.clients.email_provider.port import EmailProvider
from prilavok.clients.email_provider.unconfigured import UnconfiguredProvider
from prilavok.clients.json_sources.client import SourceClient
from prilavok.clients.json_sources.opening import FetcherMissing, open_client
from prilavok.services.game.deliveries import CALL_SECONDS
from prilavok.settings import Settings, SettingsError

DEMO: Final = "demo"


@asynccontextmanager
async def open_esp(settings: Settings) -> AsyncIterator[EmailProvider]:
    """Open the provider of the settings; the demo one may not be running."""
    if settings.esp_provider == DEMO and settings.esp_url is None:
        yield UnconfiguredProvider()
        return
    async with open_provider(
        settings.esp_provider,
        settings.esp_url,
        settings.esp_user,
        settings.esp_token,
        settings.esp_list,
        CALL_SECONDS,
    ) as provider:
        yield provider


def open_source_client(settings: Settings) -> SourceClient:
    """Fetch sources in the way that is set."""
    try:
        return open_client(
            settings.source_fetcher,
            allow_private=settings.sources_allow_private,
        )
    except FetcherMissing as error:
        raise SettingsError(str(error)) from error


def open_country_provider(settings: Settings) -> CountryProvider:
    """Ask ipinfo where there is a token, else the file, else the offline table."""
    try:
        return open_countries(settings.ipinfo_token, settings.countries_mmdb)
    except CountryDataUnusable as error:
        raise SettingsError(str(error)) from error
