"""Imports whose processes are killed. Numbers: docs/security.md."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from operator import itemgetter
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGKILL, SIGSTOP
from typing import Any, Final

import pytest
from aiohttp import ClientError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.services.log_analytics.generator.made_log import made_log
from prilavok.services.log_analytics.generator.plan import LogPlan
from prilavok.settings import Settings
from tests.api.import_desk import (
    TEXT,
    all_answers,
    await_import,
    bring,
    no_files_left,
    show,
    stored_files,
    working,
)
from tests.api.people import ADMIN_LOGIN, API, ApiClient, use_token
from tests.faults.instances import HOST, Process, free_port, running, serving
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


@pytest.fixture(autouse=True)
async def no_logs(owner_engine: AsyncEngine) -> AsyncIterator[None]:
    """Start without logs, and leave none."""
    await empty_log_tables(owner_engine)
    yield
    await empty_log_tables(owner_engine)


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
    with running(direct_settings, tmp_path, "scheduler"):
        for _ in range(3):
            with running(direct_settings, tmp_path, "worker") as worker:
                found = await await_import(
                    admin,
                    accepted["id"],
                    partial(_has_more, seen),
                )
                worker.send_signal(SIGKILL)
                worker.wait()
            seen = found["lines"]
        with running(direct_settings, tmp_path, "worker"):
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
    with running(direct_settings, tmp_path, "worker") as stalled:
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
async def test_a_killed_web_process_loses_only_what_was_arriving(
    admin: ApiClient,
    direct_settings: Settings,
    tmp_path: Path,
) -> None:
    """1, 24: what it had taken comes in; of half an upload there is no trace."""
    log = a_log(FEW_LINES, seed=4)
    wanted = await undisturbed(admin, direct_settings, log)
    await use_token(admin, ADMIN_LOGIN)
    port = free_port()
    with serving(direct_settings, port, tmp_path) as web:
        accepted = await bring(admin, log, url=f"http://{HOST}:{port}")
        arriving = asyncio.create_task(
            admin.session.post(
                f"http://{HOST}:{port}{API}/imports",
                data=_endless(log),
                headers=TEXT,
            ),
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(stored_files(direct_settings)) < 2:
                await asyncio.sleep(POLL_SECONDS)
        os.killpg(web.pid, SIGKILL)
        with pytest.raises(ClientError):
            await arriving
    async with working(direct_settings):
        done = await await_import(admin, accepted["id"])

    assert (done["state"], done["inserted"]) == ("succeeded", FEW_LINES)
    assert await all_answers(admin) == wanted
    listed = await (await admin.get(f"{API}/imports")).json()
    assert [one["id"] for one in listed["items"]] == [accepted["id"]]


async def _endless(log: bytes) -> AsyncIterator[bytes]:
    while True:
        yield log
        await asyncio.sleep(POLL_SECONDS)


@pytest.mark.slow
@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="kills its processes")
async def test_twenty_kills_change_no_answer(
    admin: ApiClient,
    direct_settings: Settings,
    owner_engine: AsyncEngine,
    tmp_path: Path,
) -> None:
    """1: a worker, PostgreSQL, or the web process that took the log, at any moment.

    Of eight logs four are in order, and four are the same lines in none.
    """
    random = Random(20)
    log = a_log(MANY_LINES, seed=3)
    logs = (log, _shuffled(log, random))
    wanted = await undisturbed(admin, direct_settings, log)
    await use_token(admin, ADMIN_LOGIN)
    port = free_port()
    for kill in range(KILLS):
        with (
            running(direct_settings, tmp_path, "scheduler"),
            serving(direct_settings, port, tmp_path) as web,
        ):
            url = f"http://{HOST}:{port}"
            accepted = await bring(admin, logs[kill // 4 % 2], url=url)
            with running(direct_settings, tmp_path, "worker") as worker:
                await await_import(admin, accepted["id"], itemgetter("started_at"))
                await asyncio.sleep(random.uniform(0, 4))
                await _kill_one_of(kill, owner_engine, web, worker)
            with running(direct_settings, tmp_path, "worker"):
                done = await await_import(admin, accepted["id"])
        assert (done["state"], done["inserted"]) == ("succeeded", MANY_LINES)
        assert await all_answers(admin) == wanted, kill
        await admin.delete(f"{API}/imports/{accepted['id']}")


def _shuffled(log: bytes, random: Random) -> bytes:
    lines = log.splitlines(keepends=True)
    random.shuffle(lines)
    return b"".join(lines)


async def _kill_one_of(
    kill: int,
    owner_engine: AsyncEngine,
    web: Process,
    worker: Process,
) -> None:
    """Kill PostgreSQL or the web process now and then, and a worker always."""
    if kill % 4 == 0:
        await _kill_postgres(owner_engine)
        await await_database(owner_engine)
    elif kill % 4 == 1:
        os.killpg(web.pid, SIGKILL)
    worker.send_signal(SIGKILL)


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
