"""The event loop stays free. Numbers: docs/security.md."""

import asyncio
import gc
import gzip
from collections.abc import Awaitable, Iterator
from datetime import date
from pathlib import Path
from statistics import quantiles
from time import monotonic
from typing import Final

import pytest
from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.services.log_analytics.generator.made_log import made_log
from prilavok.services.log_analytics.generator.plan import LogPlan
from prilavok.settings import Settings
from tests.api.import_desk import all_answers, bring, show
from tests.api.people import API, PASSWORD, ApiClient
from tests.faults.instances import running
from tests.faults.lines import CROWD, ask
from tests.logs.stored import empty_tables as empty_log_tables

pytestmark = pytest.mark.slow
STEP_SECONDS: Final = 0.005
QUIET_SECONDS: Final = 2
LIMIT_SECONDS: Final = 0.05
LINES: Final = 1_000_000
ROUNDS: Final = 10
MIB: Final = 1024 * 1024
MOST: Final = 19_000
HOSTILE: Final = (
    b"[" * MIB,
    b"[" * (MIB // 2) + b"]" * (MIB // 2),
    b"[%s[]]" % (b"[]," * (MIB // 4)),
    b"{%s}" % b",".join(b'"%d":1' % number for number in range(90_000)),
    b"{%s}" % b",".join(b'"%d":1' % number for number in range(MOST)),
    b'{"create": [%s{}]}' % (b'{"login": 1},' * (MOST // 2)),
    b'{"update": [{%s}]}' % b",".join(b'"n%d":1' % number for number in range(MOST)),
    b'{"create": [%s{}]}' % (b'{"login": 1},' * 900),
    b'["%s"]' % (b'","' * (MIB // 4)),
    b'["%s"%s]' % (rb"\\\\" * (MIB // 3), b",[]" * 40),
    b'["%su0000"]' % (b"\\" * (MIB - 100)),
    b'["%s"]' % (rb"\\u0000" * (MIB // 8)),
    b"[%s1]" % (b"1.23456789012345678901234567890123456789," * MOST),
)


@pytest.fixture
def hasher() -> PasswordHasher:
    """Hash as slowly as in real life."""
    return PasswordHasher()


@pytest.fixture(autouse=True)
def settled() -> Iterator[None]:
    """Keep what is loaded out of collections of garbage, as the web service does.

    One collection of all that the tests have loaded holds up every thread.
    """
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


async def lag_while(work: Awaitable[object]) -> float:
    """Tell by how much the loop was late, in all but one of a hundred moments."""
    task = asyncio.ensure_future(work)
    late = []
    while not task.done():
        started = monotonic()
        await asyncio.sleep(STEP_SECONDS)
        late.append(monotonic() - started - STEP_SECONDS)
    await task
    return quantiles(late, n=100)[-1]


async def test_sign_ins_leave_the_loop_free(client: ApiClient) -> None:
    """12, 29: fifty hashes at once; a busy machine is late without us as well."""
    quiet = await lag_while(asyncio.sleep(QUIET_SECONDS))
    attempts = (
        ask(
            client,
            "POST",
            f"{API}/auth/login",
            {"login": f"nobody{number}", "password": PASSWORD},
        )
        for number in range(CROWD)
    )
    answers = asyncio.gather(*attempts)
    busy = await lag_while(answers)

    assert {answer.status for answer in answers.result()} == {401}
    assert busy < max(LIMIT_SECONDS, 2 * quiet)


async def test_imports_leave_the_loop_free(
    admin: ApiClient,
    direct_settings: Settings,
    owner_engine: AsyncEngine,
    tmp_path: Path,
) -> None:
    """29: a log arrives, a worker brings it in, and somebody asks all the time."""
    log = b"".join(made_log(LogPlan(LINES, date(2026, 1, 1))))
    quiet = await lag_while(asyncio.sleep(QUIET_SECONDS))
    with running(direct_settings, tmp_path, "worker"):
        busy = await lag_while(_bring_in_and_ask(admin, log))
    listed = await (await admin.get(f"{API}/imports")).json()
    await empty_log_tables(owner_engine)

    assert listed["items"][0]["inserted"] == LINES
    assert busy < max(LIMIT_SECONDS, 2 * quiet)


async def test_bodies_leave_the_loop_free(
    admin: ApiClient,
    client: ApiClient,
) -> None:
    """29: whatever a body holds, be its sender known or not."""
    quiet = await lag_while(asyncio.sleep(QUIET_SECONDS))
    busy = await lag_while(_send_bodies(admin, client))

    assert busy < max(LIMIT_SECONDS, 2 * quiet)


async def _send_bodies(admin: ApiClient, client: ApiClient) -> None:
    """Send each hostile body some times, several of them at once."""
    for body in HOSTILE:
        packed = gzip.compress(body)
        routes = ((admin, "/users/batch"), (client, "/auth/login"), (client, "/plays"))
        for _ in range(ROUNDS):
            await asyncio.gather(*(_post(*route, packed) for route in routes))


async def _post(client: ApiClient, path: str, packed: bytes) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    response = await client.post(f"{API}{path}", data=packed, headers=headers)
    await response.read()
    assert response.status in {413, 422}


async def _bring_in_and_ask(admin: ApiClient, log: bytes) -> None:
    accepted = await bring(admin, log)
    while not (await show(admin, accepted["id"]))["finished_at"]:
        await all_answers(admin)
