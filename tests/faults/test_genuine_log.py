"""The genuine log, brought by several people at once to several workers."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pyarrow
import pytest
from aiohttp import FormData
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.settings import Settings
from tests.api.import_desk import all_answers, await_import, bring, working
from tests.api.people import API, ApiClient
from tests.faults.instances import running
from tests.logs.genuine import genuine_log, pieces
from tests.logs.stored import empty_tables as empty_log_tables

pytestmark = pytest.mark.slow
WORKERS: Final = 3
LINES: Final = 24_284
PATIENCE_SECONDS: Final = 120


@pytest.fixture(autouse=True)
async def no_logs(owner_engine: AsyncEngine) -> AsyncIterator[None]:
    """Start without logs, and leave none."""
    await empty_log_tables(owner_engine)
    yield
    await empty_log_tables(owner_engine)


def zstd(log: bytes) -> bytes:
    """Pack a log."""
    packed: bytes = pyarrow.compress(log, codec="zstd", asbytes=True)
    return packed


PACKINGS: Final = (bytes, gzip.compress, zstd)


async def send_form(admin: ApiClient, log: bytes) -> dict[str, Any]:
    """Upload a log as a page does."""
    form = FormData()
    form.add_field("file", log, filename="piece.log")
    response = await admin.post(f"{API}/imports", data=form)
    assert response.status == 202, await response.text()
    accepted: dict[str, Any] = await response.json()
    return accepted


async def bring_by_command(settings: Settings, path: Path) -> None:
    """Run ``prilavok import logs``."""
    with running(settings, path.parent, "import", "logs", str(path)) as command:
        assert await asyncio.to_thread(command.wait, PATIENCE_SECONDS) == 0


async def remove_all(admin: ApiClient) -> int:
    """Delete every import; tell how many there were."""
    listed = await (await admin.get(f"{API}/imports")).json()
    for one in listed["items"]:
        response = await admin.delete(f"{API}/imports/{one['id']}")
        assert response.status == 204
    return len(listed["items"])


async def test_seven_pieces_by_all_ways_at_once(
    admin: ApiClient,
    direct_settings: Settings,
    tmp_path: Path,
) -> None:
    """Overlapping, in any order, packed or not: what the whole log says, twice."""
    log = genuine_log()
    whole = await bring(admin, log)
    async with working(direct_settings):
        await await_import(admin, whole["id"])
    wanted = await all_answers(admin)
    for _ in range(2):
        await remove_all(admin)
        await bring_pieces(admin, direct_settings, tmp_path, pieces(log))
        listed = await (await admin.get(f"{API}/imports")).json()

        assert await all_answers(admin) == wanted
        assert sum(one["inserted"] for one in listed["items"]) == LINES
        assert len(listed["items"]) == 7


async def bring_pieces(
    admin: ApiClient,
    settings: Settings,
    folder: Path,
    cut: list[bytes],
) -> None:
    """Bring them all at once, each in another way, to three workers."""
    packed = [PACKINGS[place % len(PACKINGS)](one) for place, one in enumerate(cut)]
    paths = [folder / f"{place}.log" for place in range(2)]
    for place, path in enumerate(paths):
        path.write_bytes(packed[place])
    with ExitStack() as stack:
        for command in ("scheduler", *("worker" for _ in range(WORKERS))):
            stack.enter_context(running(settings, folder, command))
        async with asyncio.TaskGroup() as group:
            for path in paths:
                group.create_task(bring_by_command(settings, path))
            bringing = [bring(admin, piece) for piece in packed[2:5]]
            bringing += [send_form(admin, piece) for piece in packed[5:]]
            tasks = list(map(group.create_task, bringing))
        for accepted in tasks:
            done = await await_import(admin, accepted.result()["id"])
            assert done["state"] == "succeeded"
