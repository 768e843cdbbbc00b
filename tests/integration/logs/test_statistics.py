"""Imports into tables that PostgreSQL takes for empty."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.services.log_analytics.importer import Importer
from tests.logs.importing import bring_one
from tests.logs.made_up import made_up_log

TABLES: Final = ("loose_events", "cart_events", "carts", "visitors")
# As ANALYZE leaves it when all rows have been deleted, and nobody has vacuumed yet.
CALL_EMPTY: Final = text(
    "SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', "
    "CAST(:name AS text), 'relpages', 1000, 'reltuples', CAST(0 AS real))",
)
CALLED_EMPTY: Final = text(
    "SELECT relname FROM pg_class WHERE relname = ANY(:names) "
    "AND reltuples = 0 AND relpages > 0",
)
# As VACUUM does.
LOCK: Final = text("LOCK TABLE loose_events IN SHARE UPDATE EXCLUSIVE MODE")


async def _call_empty(owner_engine: AsyncEngine) -> None:
    async with owner_engine.begin() as connection:
        for name in TABLES:
            await connection.execute(CALL_EMPTY, {"name": name})


async def _called_empty(owner_engine: AsyncEngine) -> set[str]:
    async with owner_engine.connect() as connection:
        found = await connection.scalars(CALLED_EMPTY, {"names": list(TABLES)})
        return set(found)


async def test_an_import_does_not_believe_that_tables_are_empty(
    importer: Importer,
    owner_engine: AsyncEngine,
) -> None:
    """Joins by nested loops over all rows made it take minutes in place of seconds."""
    await _call_empty(owner_engine)
    assert await _called_empty(owner_engine) == set(TABLES)

    await bring_one(importer, made_up_log(100))

    assert await _called_empty(owner_engine) == set()


async def test_an_import_does_not_wait_for_a_vacuum(
    importer: Importer,
    owner_engine: AsyncEngine,
) -> None:
    """It goes on with what statistics there are, and the next one forgets them."""
    await _call_empty(owner_engine)
    async with owner_engine.begin() as connection:
        await connection.execute(LOCK)
        done = await bring_one(importer, made_up_log(100))
        assert done.inserted == 100
        assert "loose_events" in await _called_empty(owner_engine)
    await bring_one(importer, made_up_log(200))

    assert await _called_empty(owner_engine) == set()
