"""Everything outside that the services hold on to, opened and closed together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import final

from argon2 import PasswordHasher
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.assembly.outside import (
    open_country_provider,
    open_esp,
    open_source_client,
)
from prilavok.clients.countries.provider import CountryProvider
from prilavok.clients.email_provider.port import EmailProvider
from prilavok.clients.json_sources.client import SourceClient
from prilavok.clients.passwords import Passwords
from prilavok.repositories.engine import (
    COMMAND_SECONDS,
    IMPORT_COMMAND_SECONDS,
    IMPORT_POOL_SIZE,
    POOL_SIZE,
    REPORT_COMMAND_SECONDS,
    REPORT_POOL_SIZE,
    create_engine,
)
from prilavok.repositories.redis_client import TIMEOUT_SECONDS, create_redis
from prilavok.settings import Settings, required


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """Open connections and pools.

    ``report_engine`` may lead to a copy of the database that only answers reports;
    ``log_engine`` runs commands that take minutes.
    """

    engine: AsyncEngine
    report_engine: AsyncEngine
    log_engine: AsyncEngine
    redis: Redis
    passwords: Passwords
    source_client: SourceClient
    countries: CountryProvider
    email_provider: EmailProvider


@asynccontextmanager
async def open_connections(
    settings: Settings,
    hasher: PasswordHasher | None = None,
) -> AsyncIterator[Connections]:
    """Connect for as long as the block runs; ``hasher`` replaces argon2's defaults."""
    async with AsyncExitStack() as stack:
        engines = _create_engines(settings)
        for engine in engines:
            stack.push_async_callback(engine.dispose)
        redis_url = required(settings.redis_url, "REDIS_URL")
        redis = create_redis(redis_url, TIMEOUT_SECONDS)
        stack.push_async_callback(redis.aclose, close_connection_pool=True)
        passwords = Passwords(hasher)
        stack.callback(passwords.close)
        source_client = open_source_client(settings)
        stack.push_async_callback(source_client.close)
        yield Connections(
            engine=engines[0],
            report_engine=engines[1],
            log_engine=engines[2],
            redis=redis,
            passwords=passwords,
            source_client=source_client,
            countries=open_country_provider(settings),
            email_provider=await stack.enter_async_context(open_esp(settings)),
        )


def _create_engines(settings: Settings) -> tuple[AsyncEngine, AsyncEngine, AsyncEngine]:
    url = required(settings.database_url, "DATABASE_URL")
    return (
        create_engine(url, POOL_SIZE, COMMAND_SECONDS),
        create_engine(
            settings.reports_database_url or url,
            REPORT_POOL_SIZE,
            REPORT_COMMAND_SECONDS,
        ),
        create_engine(url, IMPORT_POOL_SIZE, IMPORT_COMMAND_SECONDS),
    )
