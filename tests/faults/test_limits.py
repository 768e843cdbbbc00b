"""Stores that are there and refuse. Numbers: docs/security.md."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis
from sqlalchemy import make_url

from prilavok.embedded.postgres import PostgresUrls
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.repositories.engine import POOL_SIZE
from prilavok.settings import Settings
from tests.api.people import ApiClient
from tests.fault_proxy import FaultProxy
from tests.faults.lines import (
    LOGIN,
    ME,
    NEW_ROLE,
    READY,
    SMALL_CROWD,
    USERS,
    ask,
    crowd,
    target_of,
)
from tests.faults.servers import administer, open_valkey

# Refusing takes no time.
pytestmark = pytest.mark.usefixtures("patient_postgres", "patient_redis")
ROLE_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE usename = $1"


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[ValkeyUrls]:
    """Use a Redis of this test's own."""
    with open_valkey(tmp_path / "valkey") as url:
        yield ValkeyUrls(url, url, url)


@pytest.fixture
async def redis(valkey: ValkeyUrls) -> AsyncIterator[Redis]:
    """Talk to Redis behind the service's back."""
    async with Redis.from_url(valkey.service) as direct:
        yield direct


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Note each use of a session, as happens once a minute otherwise."""
    return replace(settings, session_idle_minutes=0.1)


@pytest.fixture
async def app_role(postgres: PostgresUrls) -> AsyncIterator[str]:
    """Name the service's role, and give it back what was taken from it."""
    parsed = make_url(postgres.app)
    yield str(parsed.username)
    await administer(
        postgres.admin,
        f"ALTER ROLE {parsed.username} CONNECTION LIMIT -1",
        f"ALTER DATABASE {parsed.database} RESET default_transaction_read_only",
    )


async def test_full_redis_keeps_who_is_signed_in(
    admin: ApiClient,
    redis: Redis,
) -> None:
    """11: old sessions go on, and only new ones must wait."""
    await redis.config_set("maxmemory", "1")
    answers = await crowd(admin, ME, SMALL_CROWD)
    login = await ask(admin, *LOGIN)

    assert {answer.status for answer in answers} == {200}
    assert (login.status, bool(login.retry_after)) == (503, True)


async def test_redis_back_empty_means_signed_out(
    admin: ApiClient,
    redis_line: FaultProxy,
    tmp_path: Path,
) -> None:
    """10: everybody is asked to sign in again, and can."""
    with open_valkey(tmp_path / "other") as url:
        redis_line.target = target_of(url)
        for line in tuple(redis_line.lines):
            line.end()
        answers = await crowd(admin, ME, SMALL_CROWD)
        login = await ask(admin, *LOGIN)
        await admin.close()

    assert {answer.status for answer in answers} == {401}
    assert login.status == 200


async def test_connection_limit_is_a_reason_to_wait(
    admin: ApiClient,
    postgres: PostgresUrls,
    app_role: str,
) -> None:
    """16: who gets no connection is told to come back; the others are served."""
    await administer(postgres.admin, f"ALTER ROLE {app_role} CONNECTION LIMIT 3")
    answers = await crowd(admin, USERS, SMALL_CROWD)

    assert {answer.status for answer in answers} == {200, 503}


async def test_crowd_never_takes_more_connections_than_the_pool_has(
    admin: ApiClient,
    postgres: PostgresUrls,
    app_role: str,
) -> None:
    """16: twenty at once are served by ten connections."""
    answers = await crowd(admin, USERS, SMALL_CROWD)
    connection = await asyncpg.connect(postgres.admin)
    taken = await connection.fetchval(ROLE_CONNECTIONS, app_role)
    await connection.close()

    assert {answer.status for answer in answers} == {200}
    assert taken <= POOL_SIZE


async def test_read_only_database_still_shows(
    admin: ApiClient,
    postgres: PostgresUrls,
    app_role: str,
) -> None:
    """18: as after a failover: writes must wait, reads and sign-ins go on."""
    database = make_url(postgres.app).database
    await administer(
        postgres.admin,
        f"ALTER DATABASE {database} SET default_transaction_read_only = on",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE usename = '{app_role}'",
    )
    shown, login = await ask(admin, *USERS), await ask(admin, *LOGIN)
    write, ready = await ask(admin, *NEW_ROLE), await ask(admin, *READY)
    told = {part["name"]: part["error"] for part in ready.document["dependencies"]}

    assert (shown.status, login.status, write.status) == (200, 200, 503)
    assert ready.status == 503
    assert "no writes" in told["postgresql"]
