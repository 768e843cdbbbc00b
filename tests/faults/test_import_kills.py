"""Imports whose processes are killed. Numbers: SECURITY.md, section 3."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from operator import itemgetter
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGKILL, SIGSTOP
from subprocess import Popen
from typing import Any, Final, TypeAlias

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.services.log_analytics.generator.made_log import made_log
from prilavok.services.log_analytics.generator.plan import LogPlan
from prilavok.settings import Settings
from tests.api.import_desk import (
    all_answers,
    await_import,
    bring,
    no_files_left,
    show,
    working,
)
from tests.api.people import API, ApiClient
from tests.faults.instances import SOURCES
from tests.logs.stored import empty_tables as empty_log_tables

PATIENCE_SECONDS: Final = 60
POLL_SECONDS: Final = 0.1
FEW_LINES: Final = 300_000
MANY_LINES: Final = 1_000_000
KILLS: Final = 20
STALLED: Final = text("UPDATE imports SET beat_at = now() - interval '2 minutes'")
BACKENDS: Final = text(
    "SELECT pid FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()",
)
Process: TypeAlias = Popen[bytes]


@pytest.fixture(autouse=True)
async def no_logs(owner_engine: AsyncEngine) -> AsyncIterator[None]:
    """Start without logs, and leave none."""
    await empty_log_tables(owner_engine)
    yield
    await empty_log_tables(owner_engine)


@contextmanager
def running(settings: Settings, command: str, folder: Path) -> Iterator[Process]:
    """Run ``prilavok worker`` or ``scheduler``; killed afterwards."""
    process = Popen(
        (sys.executable, "-m", "prilavok", command),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(SOURCES),
            "DATABASE_URL": str(settings.database_url),
            "WORKER_REDIS_URL": str(settings.worker_redis_url),
            "DATA_DIR": str(settings.data_dir.absolute()),
            "SECRET_KEY": settings.secret_key[0],
            "LOG_LEVEL": "warning",
        },
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def a_log(lines: int, seed: int) -> bytes:
    """Make a log up."""
    return b"".join(made_log(LogPlan(lines, date(2026, 1, 1), seed=seed)))


async def undisturbed(
    admin: ApiClient,
    settings: Settings,
    log: bytes,
) -> dict[str, object]:
    """Import a log in peace, take the answers, and take it out again."""
    accepted = await bring(admin, log)
    async with working(settings):
        await await_import(admin, accepted["id"])
    answers = await all_answers(admin)
    assert (await admin.delete(f"{API}/imports/{accepted['id']}")).status == 204
    return answers


@pytest.mark.slow
async def test_a_killed_workers_import_goes_on_by_itself(
    admin: ApiClient,
    direct_settings: Settings,
    tmp_path: Path,
) -> None:
    """1: three workers die in the middle, the fourth ends it; the answers are equal."""
    log = a_log(FEW_LINES, seed=1)
    wanted = await undisturbed(admin, direct_settings, log)
    accepted = await bring(admin, log)
    seen = 0
    with running(direct_settings, "scheduler", tmp_path):
        for _ in range(3):
            with running(direct_settings, "worker", tmp_path) as worker:
                found = await await_import(
                    admin,
                    accepted["id"],
                    partial(_has_more, seen),
                )
                worker.send_signal(SIGKILL)
                worker.wait()
            seen = found["lines"]
        with running(direct_settings, "worker", tmp_path):
            done = await await_import(admin, accepted["id"])
            assert await no_files_left(direct_settings)

    assert (done["state"], done["inserted"]) == ("succeeded", FEW_LINES)
    assert await all_answers(admin) == wanted


@pytest.mark.slow
async def test_a_stalled_workers_import_is_taken_over(
    admin: ApiClient,
    direct_settings: Settings,
    owner_engine: AsyncEngine,
    tmp_path: Path,
) -> None:
    """Stopped in the middle and let go again later, it changes nothing any more."""
    log = a_log(FEW_LINES, seed=2)
    wanted = await undisturbed(admin, direct_settings, log)
    accepted = await bring(admin, log)
    with running(direct_settings, "worker", tmp_path) as stalled:
        await await_import(admin, accepted["id"], itemgetter("lines"))
        stalled.send_signal(SIGSTOP)
        async with owner_engine.begin() as connection:
            await connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            await connection.execute(STALLED)
        async with working(direct_settings):
            done = await await_import(admin, accepted["id"])
        stalled.send_signal(SIGCONT)
        await asyncio.sleep(2)

    assert (done["state"], done["inserted"]) == ("succeeded", FEW_LINES)
    assert await all_answers(admin) == wanted
    assert (await show(admin, accepted["id"])) == done


@pytest.mark.slow
@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="kills its processes")
async def test_twenty_kills_change_no_answer(
    admin: ApiClient,
    direct_settings: Settings,
    owner_engine: AsyncEngine,
    tmp_path: Path,
) -> None:
    """1: workers and PostgreSQL at random moments, a million lines each time."""
    random = Random(20)
    log = a_log(MANY_LINES, seed=3)
    wanted = await undisturbed(admin, direct_settings, log)
    for kill in range(KILLS):
        accepted = await bring(admin, log)
        with running(direct_settings, "scheduler", tmp_path):
            with running(direct_settings, "worker", tmp_path) as worker:
                await await_import(admin, accepted["id"], itemgetter("started_at"))
                await asyncio.sleep(random.uniform(0, 4))
                if kill % 4:
                    worker.send_signal(SIGKILL)
                else:
                    await _kill_postgres(owner_engine)
                    await await_database(owner_engine)
                    worker.send_signal(SIGKILL)
            with running(direct_settings, "worker", tmp_path):
                done = await await_import(admin, accepted["id"])
        assert (done["state"], done["inserted"]) == ("succeeded", MANY_LINES)
        assert await all_answers(admin) == wanted, kill
        await admin.delete(f"{API}/imports/{accepted['id']}")


def _has_more(lines: int, found: dict[str, Any]) -> bool:
    return int(found["lines"]) > lines


async def _kill_postgres(owner_engine: AsyncEngine) -> None:
    """Kill a process of PostgreSQL: it ends all others and recovers."""
    async with owner_engine.connect() as connection:
        pids = [row.pid for row in await connection.execute(BACKENDS)]
    os.kill(pids[0], SIGKILL)


async def await_database(owner_engine: AsyncEngine) -> None:
    """Return when PostgreSQL answers again."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                async with owner_engine.connect() as connection:
                    await connection.execute(BACKENDS)
            except (DBAPIError, OSError):
                await asyncio.sleep(POLL_SECONDS)
            else:
                return
