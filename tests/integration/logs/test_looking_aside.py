"""The next block is looked up by a second connection, which nothing depends on."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partialmethod
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.imports import Import, ImportState
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.engine import IMPORT_COMMAND_SECONDS, create_engine
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.repositories.log_imports.store import LogStore
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.known import Horizon, KnownEvents
from tests.logs.expected import expected_tables
from tests.logs.importing import bring_one
from tests.logs.made_up import made_up_log
from tests.logs.stored import stored_tables

# Who brings it in first makes the pages, and the source of countries, known.
BEFORE: Final = made_up_log(1000, seed=1)
LINES: Final = made_up_log(4000).splitlines(keepends=True)
LOG: Final = b"".join(LINES)
GROUP: Final = 50
BLOCK_BYTES: Final = 50_000
# Whoever writes the import holds it, and the importers' lock.
KILL_READERS: Final = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user"
    " AND pid <> pg_backend_pid()"
    " AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')",
)


class Looks:
    """Counts how often a block was looked up aside; one time the connection breaks."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Let nothing break yet."""
        self.count = 0
        self.last = 0
        self._engine = engine
        self._find_known = Horizon.find_known

    async def look(
        self,
        horizon: Horizon,
        logs: LogRepositories,
        *asked: Any,
    ) -> KnownEvents:
        """Look a block up."""
        if not logs.holds_lock:
            self.count += 1
            if self.count == self.last:
                async with self._engine.connect() as connection:
                    await connection.execute(KILL_READERS)
        return await self._find_known(horizon, logs, *asked)


async def look(horizon: Horizon, looks: Looks, *asked: Any) -> KnownEvents:
    """Let somebody look who counts."""
    return await looks.look(horizon, *asked)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch, engine: AsyncEngine) -> Looks:
    """Count."""
    counting = Looks(engine)
    monkeypatch.setattr(Horizon, "find_known", partialmethod(look, counting))
    return counting


@pytest.fixture
async def lonely(postgres: PostgresUrls, store: LogStore) -> AsyncIterator[LogStore]:
    """Import with a single connection, on the tables of the other store."""
    pool = create_engine(postgres.app, 1, IMPORT_COMMAND_SECONDS)
    yield replace(store, engine=pool)
    await pool.dispose()


async def bring(importer: Importer, log: bytes) -> Import:
    """Import the log in small blocks, behind another one."""
    await bring_one(importer, BEFORE)
    return await bring_one(replace(importer, block_bytes=BLOCK_BYTES), log)


async def test_what_nobody_can_see_yet_is_known(
    importer: Importer,
    engine: AsyncEngine,
    looks: Looks,
) -> None:
    """Events, visitors and votes of a block count when the next one is looked up."""
    starts = range(0, len(LINES), GROUP)
    groups = [b"".join(LINES[start : start + GROUP]) for start in starts]
    done = await bring(importer, b"".join(group * 2 for group in groups))

    assert looks.count > 10
    assert (done.inserted, done.duplicates) == (len(LINES), len(LINES))
    assert await stored_tables(engine) == expected_tables([BEFORE, LOG])


async def test_a_broken_connection_is_done_without(
    importer: Importer,
    engine: AsyncEngine,
    looks: Looks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The import says so, and goes on."""
    looks.last = 5
    done = await bring(importer, LOG)

    assert "import goes on with one connection" in caplog.messages
    assert looks.count == looks.last
    assert done.state is ImportState.SUCCEEDED
    assert await stored_tables(engine) == expected_tables([BEFORE, LOG])


async def test_an_import_needs_no_second_connection(
    importer: Importer,
    lonely: LogStore,
    engine: AsyncEngine,
    looks: Looks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where there is none to be had it is slower, and that is all."""
    done = await bring(replace(importer, store=lonely), LOG)

    assert "import goes on with one connection" in caplog.messages
    assert looks.count == 0
    assert done.state is ImportState.SUCCEEDED
    assert await stored_tables(engine) == expected_tables([BEFORE, LOG])
