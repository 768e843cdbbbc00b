"""What is due goes, however much it is; a sweep stops with its worker."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias, final

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.assembly.services import open_services
from prilavok.domain.access import Actor
from prilavok.services.container import Services
from prilavok.services.sweeping import SWEPT_AT_ONCE, never, sweep
from prilavok.settings import Settings

Swept: TypeAlias = Callable[[Services, Callable[[], bool]], Awaitable[object]]
# More than two batches.
MANY: Final = 2 * SWEPT_AT_ONCE + 1
WORKER: Final = Actor(request_id="sweep", login="worker")
FILLED: Final = MappingProxyType[str, str](
    {
        "play_keys": """
            INSERT INTO play_keys (key, email_hash, body_hash, created_at)
            SELECT number::text, '', '', now() - interval '25 hours'
        """,
        "import_keys": """
            INSERT INTO import_keys
                (actor_id, key, digest, import_id, name, created_at)
            SELECT uuidv7(), number::text, '', uuidv7(), '',
                now() - interval '25 hours'
        """,
        "country_answers": """
            INSERT INTO country_answers (address, country, answered_at)
            SELECT inet '10.0.0.0' + number, 1, now() - interval '31 days'
        """,
    },
)
SWEEPS: Final = MappingProxyType[str, Swept](
    {
        "play_keys": lambda services, stop: services.deliveries.clean(stop),
        "import_keys": lambda services, stop: services.logs.upkeep.tidy(WORKER, stop),
        "country_answers": lambda services, stop: services.logs.countries.forget(stop),
    },
)


@final
class Heap:
    """Things to remove."""

    def __init__(self, left: int) -> None:
        """Have so many, and none of them asked for."""
        self.left = left
        self.asked = 0

    async def remove(self, at_once: int) -> int:
        """Remove some."""
        gone = min(self.left, at_once)
        self.left -= gone
        self.asked += 1
        return gone


@pytest.fixture
async def services(
    settings: Settings,
    hasher: PasswordHasher,
) -> AsyncIterator[Services]:
    """Open the services as a worker does."""
    async with open_services(settings, hasher) as opened:
        yield opened


@pytest.mark.parametrize("table", SWEEPS)
async def test_sweep_goes_on_until_nothing_is_due(
    services: Services,
    owner_engine: AsyncEngine,
    table: str,
) -> None:
    """Ten thousand and one rows go in one run, and not a single one that is not due."""
    await fill(owner_engine, table)
    await SWEEPS[table](services, never)
    left = await count(owner_engine, table)
    await empty(owner_engine, table)

    assert left == 1


@pytest.mark.parametrize("table", SWEEPS)
async def test_sweep_stops_with_its_worker(
    services: Services,
    owner_engine: AsyncEngine,
    table: str,
) -> None:
    """After the batch that is under way; what it removed stays removed."""
    await fill(owner_engine, table)
    answers = iter((False, True, True))
    await SWEEPS[table](services, partial(next, answers))
    left = await count(owner_engine, table)
    await empty(owner_engine, table)

    assert left == MANY + 1 - SWEPT_AT_ONCE


async def test_batch_that_is_not_full_is_the_last() -> None:
    """Nobody asks once more than there is to remove."""
    heap = Heap(17)

    assert await sweep(heap.remove, at_once=7) == 17
    assert heap.asked == 3


async def fill(engine: AsyncEngine, table: str) -> None:
    """Have rows that are due, and one that is not."""
    await empty(engine, table)
    insert = FILLED[table]
    fresh = insert.replace("25 hours", "1 hour").replace("31 days", "1 day")
    async with engine.begin() as connection:
        numbers = f"FROM generate_series(1, {MANY}) AS number"
        await connection.execute(text(f"{insert} {numbers}"))
        await connection.execute(text(f"{fresh} FROM (SELECT 0 AS number) AS one"))


async def count(engine: AsyncEngine, table: str) -> int:
    """Count the rows."""
    async with engine.connect() as connection:
        found = await connection.scalar(text(f"SELECT count(*) FROM {table}"))
    return int(found or 0)


async def empty(engine: AsyncEngine, table: str) -> None:
    """Leave no rows to the next test."""
    async with engine.begin() as connection:
        await connection.execute(text(f"DELETE FROM {table}"))
