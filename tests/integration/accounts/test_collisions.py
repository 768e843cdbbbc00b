"""Transactions that meet. Scenario 17 of docs/security.md."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from prilavok.domain.access import Actor, Permission
from prilavok.domain.errors import Collision, Unavailable
from prilavok.domain.users import Changes
from prilavok.domain.versions import ANY_VERSION
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.transaction import Database
from prilavok.services.accounts.user_writes import UserWrites
from prilavok.services.retries import PAUSES, retry_collisions
from tests.integration.accounts.rows import add_role, add_user

BOSS: Final = Actor("request", permissions=frozenset(Permission))
CHANGES: Final[Changes] = {"first_name": "Anna"}
LOCK: Final = "SELECT FROM users WHERE id = $1 FOR UPDATE"


@pytest.fixture
async def other(postgres: PostgresUrls) -> AsyncIterator[asyncpg.Connection]:
    """Be somebody else who writes at the same time."""
    connection = await asyncpg.connect(postgres.app)
    yield connection
    await connection.execute("DELETE FROM users WHERE login = 'collided'")
    await connection.execute("DELETE FROM roles WHERE name = 'Collided'")
    await connection.close()


@pytest.fixture
async def user_id(other: asyncpg.Connection) -> UUID:
    """Have an account that everybody sees."""
    return await add_user(other, "collided", await add_role(other, "Collided"))


@pytest.fixture
def writes(engine: AsyncEngine) -> UserWrites:
    """Write as the service does."""
    return UserWrites(Database(async_sessionmaker(engine)).transaction)


async def test_lock_held_for_long_is_unavailable(
    writes: UserWrites,
    other: asyncpg.Connection,
    user_id: UUID,
) -> None:
    """After three repetitions the caller is told to come back, and may."""
    async with other.transaction():
        await other.execute(LOCK, user_id)
        with pytest.raises(Unavailable, match="changing the same"):
            await writes.edit(BOSS, user_id, CHANGES, ANY_VERSION)
    user = await writes.edit(BOSS, user_id, CHANGES, ANY_VERSION)

    assert (user.first_name, user.version) == ("Anna", 2)


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
async def test_what_postgresql_calls_a_collision(
    engine: AsyncEngine,
    sqlstate: str,
) -> None:
    """Serialization failure, deadlock, and a lock waited for too long."""
    statement = f"DO $$ BEGIN RAISE SQLSTATE '{sqlstate}'; END $$"
    database = Database(async_sessionmaker(engine))
    with pytest.raises(Collision):
        async with database.transaction(BOSS) as repositories:
            await repositories.users.lock_administrators()
            connection = await repositories.users._session.connection()
            await connection.exec_driver_sql(statement)


async def test_work_is_repeated_thrice_and_no_more() -> None:
    """Then it succeeds or gives up; other failures are not repeated."""
    tries: list[int] = []

    @retry_collisions
    async def wrapper(fails: int, error: Exception) -> str:
        tries.append(fails)
        if len(tries) <= fails:
            raise error
        return "done"

    assert await wrapper(len(PAUSES), Collision("met")) == "done"
    tries.clear()
    with pytest.raises(Collision):
        await wrapper(len(PAUSES) + 1, Collision("met"))
    assert len(tries) == len(PAUSES) + 1
    tries.clear()
    with pytest.raises(Unavailable):
        await wrapper(1, Unavailable("away"))
    assert len(tries) == 1
