"""Everything outside that the services hold on to, opened and closed together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final, final

from argon2 import PasswordHasher
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.clients.email_provider.opening import open_provider
from prilavok.clients.email_provider.port import EmailProvider
from prilavok.clients.email_provider.unconfigured import UnconfiguredProvider
from prilavok.clients.json_sources.client import SourceClient
from prilavok.clients.json_sources.opening import FetcherMissing, open_client
from prilavok.clients.passwords import Passwords
from prilavok.repositories.engine import (
    IMPORT_COMMAND_SECONDS,
    IMPORT_POOL_SIZE,
    create_engine,
)
from prilavok.repositories.redis_client import create_redis
from prilavok.services.game.deliveries import CALL_SECONDS
from prilavok.settings import Settings, SettingsError

DEMO: Final = "demo"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """Open connections and pools; ``log_engine`` runs commands that take minutes."""

    engine: AsyncEngine
    log_engine: AsyncEngine
    redis: Redis
    passwords: Passwords
    source_client: SourceClient
    email_provider: EmailProvider


@asynccontextmanager
async def open_connections(
    settings: Settings,
    hasher: PasswordHasher | None = None,
) -> AsyncIterator[Connections]:
    """Connect for as long as the block runs; ``hasher`` replaces argon2's defaults."""
    async with AsyncExitStack() as stack:
        engine = create_engine(_required(settings.database_url, "DATABASE_URL"))
        stack.push_async_callback(engine.dispose)
        log_engine = create_engine(
            engine.url.render_as_string(hide_password=False),
            IMPORT_POOL_SIZE,
            IMPORT_COMMAND_SECONDS,
        )
        stack.push_async_callback(log_engine.dispose)
        redis = create_redis(_required(settings.redis_url, "REDIS_URL"))
        stack.push_async_callback(redis.aclose, close_connection_pool=True)
        passwords = Passwords(hasher)
        stack.callback(passwords.close)
        source_client = _open_source_client(settings)
        stack.push_async_callback(source_client.close)
        yield Connections(
            engine=engine,
            log_engine=log_engine,
            redis=redis,
            passwords=passwords,
            source_client=source_client,
            email_provider=await stack.enter_async_context(_open_provider(settings)),
        )


@asynccontextmanager
async def _open_provider(settings: Settings) -> AsyncIterator[EmailProvider]:
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


def _open_source_client(settings: Settings) -> SourceClient:
    try:
        return open_client(
            settings.source_fetcher,
            allow_private=settings.sources_allow_private,
        )
    except FetcherMissing as error:
        raise SettingsError(str(error)) from error


def _required(setting: str | None, name: str) -> str:
    if setting is None:
        raise SettingsError(f"{name}: not set, and no `make run` is running here.")
    return setting
