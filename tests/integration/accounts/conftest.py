"""Bare connections, and sessions that need no HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from prilavok.domain.sessions import Session, SessionKind, Ticket
from prilavok.embedded.postgres import PostgresUrls
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.repositories.redis_client import create_redis
from prilavok.repositories.sessions import SessionRepository
from prilavok.repositories.transaction import Database
from prilavok.services.accounts.lifetimes import Lifetimes
from prilavok.services.accounts.sessions import SessionService
from tests.integration.accounts.session_parts import ABSOLUTE, DEVICE, IDLE, Clock


@pytest.fixture
async def app_sql(postgres: PostgresUrls) -> AsyncIterator[asyncpg.Connection]:
    """Write as the service's role; nothing of it stays."""
    async with _rolled_back(postgres.app) as connection:
        yield connection


@pytest.fixture
async def owner_sql(postgres: PostgresUrls) -> AsyncIterator[asyncpg.Connection]:
    """Write as the owner of the tables; nothing of it stays."""
    async with _rolled_back(postgres.owner) as connection:
        yield connection


@pytest.fixture
def clock() -> Clock:
    """Start now: Redis has a clock of its own."""
    return Clock()


@pytest.fixture
async def redis(valkey: ValkeyUrls) -> AsyncIterator[Redis]:
    """Connect as the service does."""
    client = create_redis(valkey.service)
    yield client
    await client.aclose(close_connection_pool=True)


@pytest.fixture
def service(engine: AsyncEngine, redis: Redis, clock: Clock) -> SessionService:
    """Keep sessions in Redis, by the test's clock."""
    database = Database(async_sessionmaker(engine))
    return SessionService(
        reading=database.reading,
        transaction=database.transaction,
        sessions=SessionRepository(redis),
        lifetimes=Lifetimes(IDLE, ABSOLUTE, token=IDLE),
        now=clock,
    )


@pytest.fixture
async def started(service: SessionService) -> tuple[Session, Ticket]:
    """Have one living session."""
    return await service.start(uuid4(), "stamp", SessionKind.COOKIE, DEVICE)


@asynccontextmanager
async def _rolled_back(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    work = connection.transaction()
    await work.start()
    yield connection
    await work.rollback()
    await connection.close()
