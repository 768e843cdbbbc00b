"""What no client waits for any more does not go on in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.errors import Collision, Unavailable
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.database_errors import database_errors
from prilavok.repositories.engine import (
    IMPORT_COMMAND_SECONDS,
    POOL_SIZE,
    create_engine,
)

PATIENCE_SECONDS: Final = 5
CROWD: Final = 4 * POOL_SIZE
WORKING: Final = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'active'
        AND pid <> pg_backend_pid()
"""


@pytest.fixture
async def watcher(postgres: PostgresUrls) -> AsyncIterator[asyncpg.Connection]:
    """See what all connections do."""
    connection = await asyncpg.connect(postgres.admin)
    yield connection
    await connection.close()


async def none_works(watcher: asyncpg.Connection) -> None:
    """Wait until no statement runs."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await watcher.fetchval(WORKING):
            await asyncio.sleep(0.05)


async def run(engine: AsyncEngine, statement: str) -> None:
    """Run one statement in a transaction of its own, as repositories do."""
    with database_errors():
        async with engine.begin() as connection:
            await connection.execute(text(statement))


async def test_slow_statement_ends_with_its_clients_patience(
    engine: AsyncEngine,
    watcher: asyncpg.Connection,
) -> None:
    """15: the server stops what the client has given up."""
    with pytest.raises(Unavailable):
        await run(engine, "SELECT pg_sleep(60)")

    await none_works(watcher)


async def test_crowd_behind_a_lock_does_not_stay_there(
    engine: AsyncEngine,
    watcher: asyncpg.Connection,
    owner_engine: AsyncEngine,
) -> None:
    """17: who waits for a lock gives up soon, and nobody is left waiting."""
    async with owner_engine.begin() as holder:
        await holder.execute(text("LOCK TABLE roles IN ACCESS EXCLUSIVE MODE"))
        waits = [run(engine, "SELECT count(*) FROM roles") for _ in range(CROWD)]
        refused = await asyncio.gather(*waits, return_exceptions=True)
        await none_works(watcher)

    assert {type(it) for it in refused} <= {Collision, Unavailable}
    await run(engine, "SELECT count(*) FROM roles")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1, ["1s", "400ms", "10s", "500ms"]),
        (IMPORT_COMMAND_SECONDS, ["10min", "10min", "10min", "500ms"]),
    ],
)
async def test_both_sides_keep_the_same_limits(
    postgres: PostgresUrls,
    seconds: float,
    expected: list[str],
) -> None:
    """Set for each connection, so that no role has to be altered."""
    pool = create_engine(postgres.app, command_seconds=seconds)
    names = (
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "client_connection_check_interval",
    )
    async with pool.connect() as connection:
        shown = [await connection.scalar(text(f"SHOW {name}")) for name in names]
    await pool.dispose()

    assert shown == expected
