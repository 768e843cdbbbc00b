"""Imports as work that may be cut off at any moment, by anything."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker
from typing_extensions import override

from prilavok.clients.files import FileStore
from prilavok.clients.import_folder import ImportFolder
from prilavok.clients.log_places import LogPlaces
from prilavok.domain.access import Actor
from prilavok.domain.errors import Unavailable
from prilavok.domain.import_jobs import LogPlace, NewImport
from prilavok.domain.imports import Import, ImportState
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.log_imports.store import LogStore
from prilavok.repositories.transaction import Database
from prilavok.services.log_analytics.import_runner import ImportRunner
from prilavok.services.log_analytics.import_upkeep import ImportUpkeep
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.read_limits import ReadLimits
from tests.faults.servers import administer
from tests.logs.expected import expected_tables
from tests.logs.importing import SilentAlarm, Watcher, bring_one, in_memory
from tests.logs.made_up import made_up_log
from tests.logs.stored import stored_tables

LINES: Final = 4000
BAD: Final = b"nonsense\n\n"
LOG: Final = BAD + made_up_log(LINES)
# Whoever holds an import.
HANG_UP: Final = """
SELECT pg_terminate_backend(pid)
FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND datname = '{0}'
"""
ACTOR: Final = Actor(request_id="test")
BLOCK_BYTES: Final = 30_000
LIMITS: Final = ReadLimits(total=2_000_000)


def never() -> bool:
    """Go on."""
    return False


class Countdown:
    """Stops after so many blocks."""

    def __init__(self, blocks: int) -> None:
        """Remember how many."""
        self.left = blocks

    def __call__(self) -> bool:
        """Count one more; the runner also asks once before it begins."""
        self.left -= 1
        return self.left < 0


class HangingUp:
    """Ends the import's connection between two blocks, and never stops."""

    def __init__(self, hang_up: Callable[[], Future[None]]) -> None:
        """Do so after two blocks."""
        self._hang_up = hang_up
        self._countdown = Countdown(2)

    def __call__(self) -> bool:
        """Hang up once the time has come."""
        if self._countdown():
            self._hang_up().result()
        return False


class Recorder(SilentAlarm):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.rung: list[object] = []

    @override
    async def ring(self, job: str, **payload: object) -> None:
        """Remember the row."""
        self.rung.append(payload["id"])


@pytest.fixture
def small(importer: Importer) -> Importer:
    """Import in many small blocks."""
    return replace(importer, block_bytes=BLOCK_BYTES)


@pytest.fixture
def places(tmp_path: Path) -> LogPlaces:
    """Keep files in a folder of the test."""
    return LogPlaces(FileStore(f"file://{tmp_path}/files"), ImportFolder(tmp_path))


@pytest.fixture
def make_runner(small: Importer, places: LogPlaces) -> Callable[[], ImportRunner]:
    """Make what each worker process has one of."""
    return lambda: ImportRunner(small, places, LIMITS)


@pytest.fixture
def upkeep(store: LogStore, places: LogPlaces) -> ImportUpkeep:
    """Look after imports."""
    database = Database(async_sessionmaker(store.engine))
    return ImportUpkeep(store, places.files, database.transaction, Recorder())


async def queue(imports: ImportService, places: LogPlaces, log: bytes) -> UUID:
    """Queue a log as a request does."""

    async def factory() -> AsyncIterator[bytes]:
        yield log

    await places.files.put("logs/one", factory())
    new = NewImport("one", LogPlace(upload="logs/one"), len(log))
    async with imports.transaction(ACTOR) as repositories:
        return await repositories.imports.add(new, None)


async def check_done(imports: ImportService, done: UUID, engine: AsyncEngine) -> Import:
    """Compare with what the log says."""
    found = await imports.get(done)
    assert (found.state, found.error) == (ImportState.SUCCEEDED, None)
    assert (found.lines, found.inserted, found.rejected) == (LINES + 1, LINES, 1)
    assert await stored_tables(engine) == expected_tables([LOG])
    return found


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_a_stopping_worker_leaves_the_rest_to_others(
    make_runner: Callable[[], ImportRunner],
    imports: ImportService,
    places: LogPlaces,
    engine: AsyncEngine,
    pack: Callable[[bytes], bytes],
) -> None:
    """Block by block, plain or packed: in the end as if one had done it all."""
    import_id = await queue(imports, places, pack(LOG))
    lines = []
    for blocks in (1, 2, 3, 4):
        await make_runner().work(import_id, Countdown(blocks))
        found = await imports.get(import_id)
        lines.append(found.lines)
        assert found.state is ImportState.RUNNING
    await make_runner().work(import_id, never)

    assert lines == sorted(set(lines))
    await check_done(imports, import_id, engine)


async def test_a_lost_connection_is_no_failed_import(
    make_runner: Callable[[], ImportRunner],
    imports: ImportService,
    places: LogPlaces,
    postgres: PostgresUrls,
    engine: AsyncEngine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The operator reads that the database is away, and the import goes on later."""
    import_id = await queue(imports, places, LOG)
    with ThreadPoolExecutor(1) as thread:
        command = HANG_UP.format(make_url(postgres.app).database)
        hang_up = HangingUp(
            lambda: thread.submit(asyncio.run, administer(postgres.admin, command)),
        )
        with pytest.raises(Unavailable):
            await make_runner().work(import_id, hang_up)
    found = await imports.get(import_id)
    await make_runner().work(import_id, never)

    assert (found.state, found.error) == (ImportState.RUNNING, None)
    assert 0 < found.lines < LINES
    assert "import failed" not in caplog.text
    await check_done(imports, import_id, engine)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_a_log_beyond_the_limit_fails(
    make_runner: Callable[[], ImportRunner],
    imports: ImportService,
    places: LogPlaces,
    pack: Callable[[bytes], bytes],
) -> None:
    """However small it arrived: IMPORT_MAX_BYTES is also what it may unpack to."""
    import_id = await queue(imports, places, pack(LOG * 10))
    await make_runner().work(import_id, never)
    found = await imports.get(import_id)

    assert found.state is ImportState.FAILED
    assert found.error == f"one: it is longer than {LIMITS.total} bytes."


async def test_workers_die_at_any_moment(
    make_runner: Callable[[], ImportRunner],
    imports: ImportService,
    places: LogPlaces,
    engine: AsyncEngine,
) -> None:
    """Cut off wherever they wait, their transaction is lost and nothing else."""
    import_id = await queue(imports, places, LOG)
    random = Random(4)
    while (await imports.get(import_id)).finished_at is None:
        work = asyncio.create_task(make_runner().work(import_id, never))
        await asyncio.wait({work}, timeout=random.uniform(0.02, 0.3))
        work.cancel()
        with suppress(asyncio.CancelledError, Unavailable):
            await work
    await check_done(imports, import_id, engine)


async def test_no_import_is_worked_on_twice_at_once(
    make_runner: Callable[[], ImportRunner],
    imports: ImportService,
    places: LogPlaces,
    engine: AsyncEngine,
) -> None:
    """Three workers want it; lines would be duplicates if two had it."""
    import_id = await queue(imports, places, LOG)
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(make_runner().work(import_id, never))
    found = await check_done(imports, import_id, engine)

    assert found.duplicates == 0


async def test_a_cancelled_import_leaves_nothing(
    make_runner: Callable[[], ImportRunner],
    imports: ImportService,
    places: LogPlaces,
    engine: AsyncEngine,
) -> None:
    """Whoever works on it notices at its next block."""
    import_id = await queue(imports, places, LOG)
    work = asyncio.create_task(make_runner().work(import_id, never))
    while not (await imports.get(import_id)).lines:
        await asyncio.sleep(0)
    assert await imports.cancel(ACTOR, import_id)
    await work
    found = await imports.get(import_id)

    assert (found.state, found.lines) == (ImportState.CANCELLED, 0)
    assert not await imports.cancel(ACTOR, import_id)
    assert await stored_tables(engine) == expected_tables([])
    with pytest.raises(FileNotFoundError):
        places.files.open("logs/one")


async def test_cancelled_while_its_worker_is_dead(
    make_runner: Callable[[], ImportRunner],
    imports: ImportService,
    places: LogPlaces,
    engine: AsyncEngine,
    upkeep: ImportUpkeep,
) -> None:
    """The sweep finds it, and the next worker takes out what was brought."""
    import_id = await queue(imports, places, LOG)
    await make_runner().work(import_id, Countdown(3))
    await imports.cancel(ACTOR, import_id)
    await upkeep.call()
    assert isinstance(upkeep.alarm, Recorder)
    assert upkeep.alarm.rung == [import_id]
    await make_runner().work(import_id, never)

    assert (await imports.get(import_id)).finished_at is not None
    assert await stored_tables(engine) == expected_tables([])


async def test_a_stalled_workers_import_is_taken_over(
    make_runner: Callable[[], ImportRunner],
    imports: ImportService,
    places: LogPlaces,
    engine: AsyncEngine,
    upkeep: ImportUpkeep,
) -> None:
    """Its connection is ended, so whatever it does later does not count."""
    import_id = await queue(imports, places, LOG)
    await make_runner().work(import_id, Countdown(2))
    with pytest.raises(Unavailable):
        async with upkeep.store.session() as stalled:
            assert await stalled.hold(import_id)
            await make_runner().work(import_id, never)
            assert (await imports.get(import_id)).state is ImportState.RUNNING
            await replace(upkeep, silent_seconds=0).call()
            async with stalled.by_block() as logs:
                await logs.tasks.beat(import_id)
    await make_runner().work(import_id, never)

    await check_done(imports, import_id, engine)


async def test_imports_by_hand_whose_process_died_are_failed(
    make_runner: Callable[[], ImportRunner],
    imports: ImportService,
    small: Importer,
    store: LogStore,
) -> None:
    """Nobody else has the log; it says so and does not run for ever."""
    async with store.session() as session, session.by_block() as logs:
        left = await logs.imports.start("by hand", False, 9)
    await make_runner().work(left, never)
    found = await imports.get(left)

    assert (found.state, found.error) == (ImportState.FAILED, "interrupted")


async def test_an_import_by_hand_can_be_cancelled(
    small: Importer,
    imports: ImportService,
    engine: AsyncEngine,
) -> None:
    """From another process; it ends with nothing."""
    watcher = Watcher()
    work = asyncio.create_task(small.run(in_memory(LOG), watcher))
    while not watcher.counts:
        await asyncio.sleep(0)
    running = (await imports.find_all())[0]
    await imports.cancel(ACTOR, running.id)
    done = await work

    assert (done.state, done.lines) == (ImportState.CANCELLED, 0)
    assert await stored_tables(engine) == expected_tables([])
    assert (await bring_one(small, LOG)).inserted == LINES
