"""Logs brought in by HTTP and worked off by workers."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any, Final

import aiohttp
import pyarrow
import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.access import Permission
from prilavok.settings import Settings
from prilavok.transport import event_stream
from tests.api.conftest import OpenBrowser
from tests.api.import_desk import (
    TEXT,
    await_import,
    bring,
    no_files_left,
    show,
    stored_files,
    working,
)
from tests.api.people import API, ApiClient, make_role, make_user
from tests.logs.expected import expected_tables
from tests.logs.made_up import made_up_log
from tests.logs.stored import empty_tables as empty_log_tables
from tests.logs.stored import stored_tables

LINES: Final = 2000
LOG: Final = made_up_log(LINES)
BAD: Final = b"nonsense\n\nmore\tnonsense\n"


@pytest.fixture(autouse=True)
async def no_logs(owner_engine: AsyncEngine) -> AsyncIterator[None]:
    """Start without logs, and leave none."""
    await empty_log_tables(owner_engine)
    yield
    await empty_log_tables(owner_engine)


async def test_a_raw_log_is_queued_and_brought_in(
    admin: ApiClient,
    settings: Settings,
    engine: AsyncEngine,
) -> None:
    """The answer comes before any line is read; the file goes when the import ends."""
    accepted = await bring(admin, LOG + BAD)

    assert (accepted["state"], accepted["bytes_total"]) == ("queued", len(LOG + BAD))
    assert len(stored_files(settings)) == 1
    async with working(settings):
        done = await await_import(admin, accepted["id"])
        assert await no_files_left(settings)

    assert (done["state"], done["error"]) == ("succeeded", None)
    counts = [done[name] for name in ("lines", "inserted", "duplicates", "rejected")]
    assert counts == [LINES + 2, LINES, 0, 2]
    assert done["bytes_done"] == done["bytes_total"]
    assert await stored_tables(engine) == expected_tables([LOG])


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
async def test_a_packed_log(admin: ApiClient, settings: Settings, kind: str) -> None:
    """As a raw body of its content type; what it really is its first bytes tell."""
    packed = gzip.compress(LOG)
    if kind == "zstd":
        packed = pyarrow.compress(LOG, codec="zstd", asbytes=True)
    headers = {"Content-Type": f"application/{kind}"}
    accepted = await bring(admin, packed, headers=headers)
    async with working(settings):
        done = await await_import(admin, accepted["id"])

    assert (done["state"], done["inserted"]) == ("succeeded", LINES)
    assert done["bytes_done"] == len(packed)


async def test_a_form(admin: ApiClient, settings: Settings) -> None:
    """The file's name is shown without its folders, and is never a path."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", LOG, filename="../../etc/shop.log")
    response = await admin.post(f"{API}/imports", data=form)
    accepted = await response.json()
    async with working(settings):
        done = await await_import(admin, accepted["id"])

    assert response.status == 202
    assert accepted["name"] == "shop.log"
    assert (done["state"], done["inserted"]) == ("succeeded", LINES)


async def test_a_cut_archive_fails_and_can_be_deleted(
    admin: ApiClient,
    settings: Settings,
) -> None:
    """It says why; its file is gone, and after DELETE it is too."""
    packed = gzip.compress(LOG)[:-20]
    headers = {"Content-Type": "application/gzip"}
    accepted = await bring(admin, packed, headers=headers)
    path = f"{API}/imports/{accepted['id']}"
    async with working(settings):
        done = await await_import(admin, accepted["id"])
        assert await no_files_left(settings)
    deleted = await admin.delete(path)
    again = await admin.delete(path)

    assert done["state"] == "failed"
    assert done["error"]
    assert (deleted.status, again.status) == (204, 404)


async def test_rejected_lines_are_kept(admin: ApiClient, settings: Settings) -> None:
    """In pages with a cursor, and as plain text."""
    log = b"".join(b"bad %d\n" % number for number in range(1, 1501))
    accepted = await bring(admin, log)
    async with working(settings):
        await await_import(admin, accepted["id"])
    path = f"{API}/imports/{accepted['id']}/rejected"
    seen: list[dict[str, Any]] = []
    after: str | None = "0"
    while after is not None:
        query = {"after": after, "limit": "200"}
        found = await (await admin.get(path, params=query)).json()
        seen.extend(found["items"])
        after = found["next"]
    plain = await admin.get(path, headers={"Accept": "text/plain"})

    assert [one["line"] for one in seen] == list(range(1, 1501))
    assert seen[6] == {"line": 7, "reason": "syntax", "text": "bad 7"}
    assert plain.headers["Content-Disposition"].startswith("attachment")
    assert (await plain.text()).splitlines()[6] == "7\tsyntax\tbad 7"
    assert len((await plain.text()).splitlines()) == 1500


async def test_queued_imports_can_be_cancelled(
    admin: ApiClient,
    settings: Settings,
    engine: AsyncEngine,
) -> None:
    """Nothing of one stays but its line in the list, which a second DELETE takes."""
    accepted = await bring(admin, LOG)
    path = f"{API}/imports/{accepted['id']}"
    cancelled = await admin.delete(path)
    async with working(settings):
        done = await await_import(admin, accepted["id"])
        assert await no_files_left(settings)
    deleted = await admin.delete(path)

    assert (cancelled.status, deleted.status) == (202, 204)
    assert (done["state"], done["lines"]) == ("cancelled", 0)
    assert await stored_tables(engine) == expected_tables([])


async def test_the_same_key_brings_a_log_once(admin: ApiClient) -> None:
    """The first answer again, byte for byte; with another file it is refused."""
    key = {"Idempotency-Key": "monday"}
    first = await bring(admin, LOG, headers=key)
    again = await bring(admin, LOG, headers=key)
    other = await admin.post(f"{API}/imports", data=BAD, headers=TEXT | key)
    listed = await (await admin.get(f"{API}/imports")).json()

    assert first == again
    assert (other.status, (await other.json())["code"]) == (
        422,
        "idempotency-key-reused",
    )
    assert listed["total"] == 1


async def test_events_follow_an_import(admin: ApiClient, settings: Settings) -> None:
    """From queued to the end, which is the last."""
    accepted = await bring(admin, LOG)
    path = f"{API}/imports/{accepted['id']}/events"
    stream = await admin.get(path)
    first = await stream.content.readuntil(b"\n\n")
    async with working(settings):
        rest = await stream.content.read()
    names = [line for line in rest.splitlines() if line.startswith(b"event:")]

    assert stream.headers["Content-Type"] == "text/event-stream"
    assert first.startswith(b"event: progress\ndata: {")
    assert b'"state":"queued"' in first
    assert names[-1] == b"event: end"
    assert b'"state":"succeeded"' in rest.splitlines()[-2]


async def test_a_cancelled_import_is_followed_until_nothing_is_left(
    admin: ApiClient,
    settings: Settings,
) -> None:
    """Who then looks at reports sees nothing of it."""
    accepted = await bring(admin, LOG)
    path = f"{API}/imports/{accepted['id']}"
    cancelled = await admin.delete(path)
    stream = await admin.get(f"{path}/events")
    first = await stream.content.readuntil(b"\n\n")
    async with working(settings):
        rest = await stream.content.read()

    assert cancelled.status == 202
    assert first.startswith(b"event: progress\n")
    assert b'"state":"cancelled"' in first
    assert b'"finished_at":null' in first
    assert rest.count(b"event: end\n") == 1
    assert b'"finished_at":null' not in rest


async def test_imports_are_listed(admin: ApiClient) -> None:
    """In pages, newest first, by state."""
    accepted = [(await bring(admin, LOG))["id"] for _ in range(3)]
    page = await (await admin.get(f"{API}/imports?per_page=2")).json()
    none = await (await admin.get(f"{API}/imports?state=failed")).json()

    assert [one["id"] for one in page["items"]] == accepted[:0:-1]
    assert (page["total"], none["total"]) == (3, 0)
    assert (await show(admin, accepted[0]))["state"] == "queued"


async def test_who_follows_and_leaves_frees_everything(
    admin: ApiClient,
    server: TestServer,
) -> None:
    """24: more leave than may listen at once, and there is still room."""
    accepted = await bring(admin, LOG)
    path = f"{API}/imports/{accepted['id']}/events"
    for _ in range(3):
        streams = [
            await admin.get(path) for _ in range(event_stream.MAX_STREAMS_PER_USER)
        ]
        for stream in streams:
            stream.close()
        async with asyncio.timeout(30):
            while server.app[event_stream.STREAMS].number:
                await asyncio.sleep(0.05)

    last = await admin.get(path)
    last.close()
    assert last.status == 200


async def test_only_so_many_may_follow(
    admin: ApiClient,
    open_browser: OpenBrowser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One user ten (429), all together as many as are served (503)."""
    accepted = await bring(admin, LOG)
    await make_role(admin, "Follower", Permission.IMPORTS_READ)
    await make_user(admin, "ann", role="Follower")
    ann = await open_browser("ann")
    path = f"{API}/imports/{accepted['id']}/events"
    streams = [await admin.get(path) for _ in range(event_stream.MAX_STREAMS_PER_USER)]
    too_many = await admin.get(path)
    streams.append(await ann.get(path))
    monkeypatch.setattr(event_stream, "MAX_STREAMS", len(streams))
    full = await ann.get(path)
    served = await show(admin, accepted["id"])
    for stream in streams:
        stream.close()

    assert {stream.status for stream in streams} == {200}
    assert (too_many.status, (await too_many.json())["code"]) == (
        429,
        "too-many-requests",
    )
    assert (full.status, full.headers["Retry-After"]) == (503, "1")
    assert served["state"] == "queued"


async def test_readiness_tells_of_the_queue(admin: ApiClient) -> None:
    """How much waits and since when; it decides nothing."""
    await bring(admin, LOG)
    response = await admin.get("/health/ready")
    told = await response.json()

    assert response.status == 200
    assert told["queue"].keys() == {"waiting", "oldest_seconds", "dead"}
    assert told["queue"]["waiting"] >= 1
    assert {"name", "ok", "error", "needed"} == told["dependencies"][-1].keys()
