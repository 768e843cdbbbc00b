"""Promises of the fixtures that every other test builds on."""

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.embedded.postgres import PostgresUrls


async def test_service_and_owner_meet_in_a_migrated_database(
    engine: AsyncEngine,
    owner_engine: AsyncEngine,
) -> None:
    """Both see the same revision, under different names."""
    revision, service = await _look(engine)
    seen_by_owner, owner = await _look(owner_engine)

    assert revision == seen_by_owner
    assert service.endswith("_app")
    assert owner.endswith("_owner")


async def test_empty_database_is_a_database_of_its_own(
    empty_postgres: PostgresUrls,
) -> None:
    """No migration has been there."""
    connection = await asyncpg.connect(empty_postgres.owner)
    found = await connection.fetchval("SELECT to_regclass('alembic_version')")
    await connection.close()

    assert found is None


async def _look(pool: AsyncEngine) -> tuple[str, str]:
    async with pool.connect() as connection:
        found = await connection.exec_driver_sql(
            "SELECT version_num AS revision, current_user AS role FROM alembic_version",
        )
        row = found.one()
    return row.revision, row.role
