"""Real servers for every test, embedded unless others are named from outside.

``TEST_DATABASE_URL``: a PostgreSQL 18 where we may create roles and databases.
``TEST_REDIS_URL``: a Redis or Valkey where we may do anything.
"""

import os
from collections.abc import AsyncIterator, Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.embedded.postgres import EmbeddedPostgres, PostgresUrls
from prilavok.embedded.valkey import EmbeddedValkey, ValkeyUrls
from prilavok.repositories.engine import create_engine
from tests.databases import migrate, throwaway_database

OWNER_SECONDS: Final = 30

# How long examples take says how busy the machine is, and nothing about us.
settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres_admin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Name a server where databases can be made."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False)
    yield server.start().admin
    server.stop()


@pytest.fixture(scope="session")
def postgres(postgres_admin: str) -> Iterator[PostgresUrls]:
    """Share one migrated database among all tests."""
    with throwaway_database(postgres_admin) as urls:
        migrate(urls)
        yield urls


@pytest.fixture
def empty_postgres(postgres_admin: str) -> Iterator[PostgresUrls]:
    """Make a database before its first migration, for one test alone."""
    with throwaway_database(postgres_admin) as urls:
        yield urls


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyUrls]:
    """Share one Valkey among all tests."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield ValkeyUrls(given, given, given)
        return
    server = EmbeddedValkey(tmp_path_factory.mktemp("valkey"))
    yield server.start()
    server.stop()


@pytest.fixture
async def engine(postgres: PostgresUrls) -> AsyncIterator[AsyncEngine]:
    """Connect as the service does."""
    pool = create_engine(postgres.app)
    yield pool
    await pool.dispose()


@pytest.fixture
async def owner_engine(postgres: PostgresUrls) -> AsyncIterator[AsyncEngine]:
    """Connect as migrations do."""
    # Emptying large tables waits for whoever vacuums them.
    pool = create_engine(postgres.owner, command_seconds=OWNER_SECONDS)
    yield pool
    await pool.dispose()
