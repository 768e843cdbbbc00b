"""PostgreSQL is restarted. Numbers: docs/security.md."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Final

import pytest

from prilavok.embedded.postgres import EmbeddedPostgres, PostgresUrls
from tests.api.people import ApiClient
from tests.databases import migrate
from tests.fault_proxy import FaultProxy
from tests.faults.lines import (
    NEW_ROLE,
    READY,
    USERS,
    Answer,
    ask,
    crowd,
    seconds_until,
    target_of,
)
from tests.faults.servers import crash_postgres

pytestmark = pytest.mark.slow
READERS: Final = 8
PAUSE_SECONDS: Final = 0.01


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    """Name a folder for a PostgreSQL of this test's own."""
    return tmp_path / "postgres"


@pytest.fixture
def restartable(cluster: Path) -> Iterator[EmbeddedPostgres]:
    """Stop it afterwards."""
    server = EmbeddedPostgres(cluster)
    yield server
    server.stop()


@pytest.fixture
def postgres(restartable: EmbeddedPostgres) -> PostgresUrls:
    """Use it instead of the one that all tests share."""
    urls = restartable.start()
    migrate(urls)
    return urls


async def restart(
    server: EmbeddedPostgres,
    line: FaultProxy,
    cluster: Path,
    *,
    at_once: bool,
) -> float:
    """Restart PostgreSQL; tell for how many seconds it was away."""
    started = monotonic()
    if at_once:
        crash_postgres(cluster)
    else:
        await asyncio.to_thread(server.stop)
    urls = await asyncio.to_thread(server.start)
    line.target = target_of(urls.app)
    return monotonic() - started


async def read_on(client: ApiClient, over: asyncio.Event) -> list[tuple[float, Answer]]:
    """Read until it is over; tell what came when."""
    answers = []
    while not over.is_set():
        answer = await ask(client, *USERS)
        answers.append((monotonic(), answer))
        await asyncio.sleep(PAUSE_SECONDS)
    return answers


@pytest.mark.parametrize("at_once", [False, True])
async def test_restart_of_postgresql_is_felt_briefly(
    admin: ApiClient,
    restartable: EmbeddedPostgres,
    postgres_line: FaultProxy,
    cluster: Path,
    at_once: bool,
) -> None:
    """14: under load everybody is served or told to come back, and soon served."""
    over = asyncio.Event()
    readers = [asyncio.create_task(read_on(admin, over)) for _ in range(READERS)]
    away = await restart(restartable, postgres_line, cluster, at_once=at_once)
    await seconds_until(admin, READY, 2)
    await crowd(admin, USERS)
    over.set()
    answers = [found for reader in readers for found in await reader]
    failed = [moment for moment, answer in answers if answer.status != 200]

    assert {answer.status for _, answer in answers} <= {200, 503}
    assert max(failed, default=0) - min(failed, default=0) < away + 0.5


@pytest.mark.parametrize("at_once", [False, True])
async def test_restart_that_nobody_saw_is_not_felt(
    admin: ApiClient,
    restartable: EmbeddedPostgres,
    postgres_line: FaultProxy,
    cluster: Path,
    at_once: bool,
) -> None:
    """14: what was idle meanwhile is replaced without an error, for writes as well."""
    await crowd(admin, USERS)
    await restart(restartable, postgres_line, cluster, at_once=at_once)
    write, *reads = [await ask(admin, *NEW_ROLE), *await crowd(admin, USERS)]

    assert write.status == 201
    assert {answer.status for answer in reads} == {200}
