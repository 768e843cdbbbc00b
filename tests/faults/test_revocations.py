"""Sessions alive after their end: none of a thousand races. See docs/security.md."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.calls import read
from tests.api.conftest import OpenBrowser
from tests.api.people import API, NEW_USER, ApiClient
from tests.api.revocations import REVOCATIONS, Revocation, Scene, open_scene

# A machine that stands still for a moment is no fault of ours.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("patient_postgres", "patient_redis"),
]
# With nine kinds, a thousand races.
ROUNDS: Final = 112
WRITES: Final = 3
NOW: Final = text("SELECT clock_timestamp()")
MADE_LATER: Final = text(
    "SELECT count(*) FROM history WHERE at > :at AND operation = 'insert'",
)


async def write(scene: Scene, login: str, revoked: asyncio.Event | None) -> int:
    """Send a write whose body comes at once, or only after the revocation."""
    body = orjson.dumps(NEW_USER | {"login": login})
    response = await scene.ann.post(
        f"{API}/users",
        data=_halves(body, revoked),
        headers={"Content-Type": "application/json"},
    )
    return response.status


async def _halves(
    body: bytes,
    revoked: asyncio.Event | None,
) -> AsyncIterator[bytes]:
    yield body[:10]
    if revoked is not None:
        await revoked.wait()
    yield body[10:]


@pytest.mark.parametrize("revoke", REVOCATIONS, ids=lambda it: it.__name__)
async def test_nothing_is_done_after_a_revocation(
    admin: ApiClient,
    open_browser: OpenBrowser,
    owner_engine: AsyncEngine,
    revoke: Revocation,
) -> None:
    """1, 6, 7: with bodies sent before, beside and after it."""
    for number in range(ROUNDS):
        login = f"{revoke.__name__}.{number}"
        scene = await open_scene(admin, open_browser, login)
        revoked = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            early = [
                group.create_task(write(scene, f"{login}.e{it}", None))
                for it in range(WRITES)
            ]
            late = [
                group.create_task(write(scene, f"{login}.l{it}", revoked))
                for it in range(WRITES)
            ]
            await asyncio.sleep(number % 10 / 1000)
            assert await revoke(scene) in {200, 204}
            async with owner_engine.connect() as connection:
                ended_at = await connection.scalar(NOW)
            revoked.set()
        async with owner_engine.connect() as connection:
            after = await connection.scalar(MADE_LATER, {"at": ended_at})
        made = await read(admin, f"/users?q={login}.l")

        assert {task.result() for task in early} <= {201, 401, 403}
        assert {task.result() for task in late} <= {401, 403}
        assert (after, made["items"]) == (0, [])
