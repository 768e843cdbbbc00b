"""PostgreSQL on a disk that fills up. Numbers: docs/security.md."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from shutil import disk_usage, rmtree
from subprocess import run
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.clients.countries.offline import OfflineCountries
from prilavok.clients.files import FileStore
from prilavok.clients.import_folder import ImportFolder
from prilavok.clients.log_places import LogPlaces
from prilavok.domain.access import Actor
from prilavok.domain.errors import Unavailable
from prilavok.domain.import_jobs import LogPlace, NewImport
from prilavok.domain.imports import ImportState
from prilavok.embedded.postgres import EmbeddedPostgres
from prilavok.repositories.engine import (
    IMPORT_COMMAND_SECONDS,
    IMPORT_POOL_SIZE,
    create_engine,
)
from prilavok.repositories.log_imports.store import LogStore
from prilavok.services.log_analytics.generator.made_log import made_log
from prilavok.services.log_analytics.generator.plan import LogPlan
from prilavok.services.log_analytics.import_runner import ImportRunner
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.read_limits import ReadLimits
from tests.databases import migrate
from tests.logs.importing import import_service
from tests.logs.parsed_log import PARSER

DISK: Final = "size=400m"
# What is left is enough to begin with. Where PostgreSQL's own log lies there too, that
# is what finds no room as a rule, and PostgreSQL ends.
ROOM_BYTES: Final = 30_000_000
LINES: Final = 600_000
LOG: Final = "log.txt"
# For the user that PostgreSQL runs as.
PASSABLE: Final = 0o755
ACTOR: Final = Actor(request_id="test")
DIFFERENT: Final = text("SELECT count(DISTINCT (at, key)) FROM events")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small disk, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ("mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(folder))
    if run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("NOT TESTED: only root can mount a disk that is small enough.")
    yield folder
    run(("umount", str(folder)), check=True)


@pytest.fixture(params=["all of it", "all but its log"])
def server(
    disk: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[EmbeddedPostgres]:
    """Make a cluster there, or with its log elsewhere, that is yet to be started."""
    made = EmbeddedPostgres(disk / "postgres")
    migrate_and_stop(made)
    if request.param == "all but its log":
        log = next((disk / "postgres").rglob("pg_wal"))
        tmp_path.chmod(PASSABLE)
        run(("cp", "--archive", str(log), str(tmp_path)), check=True)
        rmtree(log)
        log.symlink_to(tmp_path / log.name)
    yield made
    made.stop()


def migrate_and_stop(server: EmbeddedPostgres) -> None:
    """Make the tables."""
    migrate(server.start())
    server.stop()


@asynccontextmanager
async def started(server: EmbeddedPostgres) -> AsyncIterator[AsyncEngine]:
    """Start it and connect as imports do."""
    urls = await asyncio.to_thread(server.start)
    engine = create_engine(urls.app, IMPORT_POOL_SIZE, IMPORT_COMMAND_SECONDS)
    yield engine
    await engine.dispose()
    await asyncio.to_thread(server.stop)


def make_runner(folder: Path, engine: AsyncEngine) -> ImportRunner:
    """Work off what lies in a folder."""
    importer = Importer(LogStore(engine), PARSER, OfflineCountries())
    places = LogPlaces(FileStore(f"file://{folder}/files"), ImportFolder(folder))
    return ImportRunner(importer, places, ReadLimits())


async def queue(imports: ImportService, folder: Path) -> UUID:
    """Make a log up, and queue it."""
    with (folder / LOG).open("wb") as log:
        log.writelines(made_log(LogPlan(LINES, date(2026, 1, 1))))
    new = NewImport(LOG, LogPlace(path=LOG), (folder / LOG).stat().st_size)
    async with imports.transaction(ACTOR) as repositories:
        return await repositories.imports.add(new, None)


def never() -> bool:
    """Go on."""
    return False


async def count_different(engine: AsyncEngine) -> int:
    """Count the events, each once."""
    async with engine.connect() as connection:
        return int((await connection.execute(DIFFERENT)).scalar_one())


@pytest.mark.slow
async def test_an_import_waits_for_room_on_the_disk(
    tmp_path: Path,
    disk: Path,
    server: EmbeddedPostgres,
) -> None:
    """4, 18: it is not over, and nothing is lost or there twice in the end."""
    ballast = disk / "ballast"
    async with started(server) as engine:
        import_id = await queue(import_service(LogStore(engine)), tmp_path)
        ballast.write_bytes(bytes(disk_usage(disk).free - ROOM_BYTES))
        with pytest.raises(Unavailable):
            await make_runner(tmp_path, engine).work(import_id, never)
        ballast.unlink()
    async with started(server) as engine:
        imports = import_service(LogStore(engine))
        half = await imports.get(import_id)
        stored = await count_different(engine)
        await make_runner(tmp_path, engine).work(import_id, never)
        done = await imports.get(import_id)
        in_the_end = await count_different(engine)

    assert half.state is ImportState.RUNNING
    assert 0 < half.inserted < LINES
    assert stored == half.inserted
    assert (done.state, done.inserted) == (ImportState.SUCCEEDED, LINES)
    assert in_the_end == LINES
