"""The items of all sources, as a client sees them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from prilavok.settings import Settings, load_settings
from tests.api.people import API, ApiClient
from tests.hostile_answers import HOSTILE, Behaviour, answer, items
from tests.hostile_server import HostileServer

ITEMS: Final = f"{API}/sources/items"
SOURCES: Final = f"{API}/sources"
COMPLETED: Final = "X-Sources-Completed"
# Less than what they would go on for, and much more than leaving takes.
LEAVING_SECONDS: Final = 1.5


@pytest.fixture
async def hostile() -> AsyncIterator[HostileServer]:
    """Serve good lists beside every bad behaviour."""
    good = {
        "low": Behaviour(expected="ok", sent=answer(items(1, 3))),
        "high": Behaviour(expected="ok", sent=answer(items(3, 5))),
    }
    async with HostileServer({**HOSTILE, **good}).listening() as server:
        yield server


@pytest.fixture
def settings(
    settings: Settings,
    hostile: HostileServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Seed the two good lists, which are on this machine."""
    pairs = ",".join(f"{name}={hostile.url(name)}" for name in ("high", "low"))
    monkeypatch.setenv("SOURCES", pairs)
    monkeypatch.setenv("SOURCES_ALLOW_PRIVATE", "true")
    return load_settings()


async def add(admin: ApiClient, hostile: HostileServer, name: str) -> str:
    """Add a source and return its place; those that hang are not waited for long."""
    seconds = 0.2 if HOSTILE[name].expected == "timeout" else 2
    source = {"name": name, "url": hostile.url(name), "timeout_s": seconds}
    added = await admin.post(SOURCES, json=source)
    return added.headers["Location"]


async def read(admin: ApiClient, query: str = "") -> Any:
    """Fetch the items with this query."""
    return await (await admin.get(f"{ITEMS}?{query}")).json()


async def test_a_bare_array_of_all_items_by_id(admin: ApiClient) -> None:
    """Headers tell that all is there, and how long each source took."""
    response = await admin.get(ITEMS)

    expected = [{"id": number, "name": f"Test {number}"} for number in range(1, 6)]
    assert (response.status, await response.json()) == (200, expected)
    assert response.headers[COMPLETED] == "true"
    assert response.headers["Server-Timing"].startswith("high;dur=")
    assert "low;dur=" in response.headers["Server-Timing"]


async def test_ids_are_texts_where_asked_for(admin: ApiClient) -> None:
    """Floats, as JavaScript has them, lose digits of large ones."""
    expected = [{"id": str(number), "name": f"Test {number}"} for number in range(1, 6)]
    detailed = await read(admin, "ids=string&detail=true")

    assert await read(admin, "ids=string") == expected
    assert [(it["id"], it["name"]) for it in detailed["items"]] == [
        (one["id"], one["name"]) for one in expected
    ]
    assert (await admin.get(f"{ITEMS}?ids=number")).status == 422


async def test_details_say_how_each_source_did(
    admin: ApiClient,
    hostile: HostileServer,
) -> None:
    """A failing source is missing data, and not to be cached."""
    await add(admin, hostile, "mixed")
    await add(admin, hostile, "hangs-in-body")
    response = await admin.get(f"{ITEMS}?detail=true")
    found = await response.json()

    named = {source["name"]: source for source in found["sources"]}
    assert [source["status"] for source in found["sources"]] == [
        "ok",
        "ok",
        "ok",
        "timeout",
    ]
    assert (named["mixed"]["items"], named["mixed"]["dropped"]) == (1, 8)
    # Its own time-out, not the two seconds that others may take.
    assert named["hangs-in-body"]["elapsed_ms"] in range(190, 1900)
    assert [one["id"] for one in found["items"]] == [-5, 1, 2, 3, 4, 5]
    assert (found["completed"], response.headers[COMPLETED]) == (False, "false")
    assert response.headers["Cache-Control"] == "no-store"


async def test_strict_is_all_or_nothing(
    admin: ApiClient,
    hostile: HostileServer,
) -> None:
    """502 names who failed; sources that are switched off do not count."""
    whole = await admin.get(f"{ITEMS}?strict=true")
    place = await add(admin, hostile, "failed")
    part = await admin.get(f"{ITEMS}?strict=true")
    await admin.patch(place, json={"enabled": False})
    off = await admin.get(f"{ITEMS}?strict=true")

    assert (whole.status, part.status, off.status) == (200, 502, 200)
    assert (await part.json())["code"] == "sources-incomplete"
    assert "failed (http_error)" in (await part.json())["detail"]
    assert (await read(admin, "detail=true"))["sources"][-1]["status"] == "disabled"
    assert hostile.hits["failed"] == 1


async def test_all_failed_is_an_empty_list(
    admin: ApiClient,
    hostile: HostileServer,
) -> None:
    """200 all the same; stale answers come with their age on request."""
    await read(admin)
    for name in ("low", "high"):
        hostile.behaviours[name] = HOSTILE["reset"]
    nothing = await admin.get(ITEMS)
    stale = await admin.get(f"{ITEMS}?stale=true")

    assert (nothing.status, await nothing.json()) == (200, [])
    assert len(await stale.json()) == 5
    assert stale.headers[COMPLETED] == "false"
    assert int(stale.headers["Age"]) in range(60)


async def test_a_check_asks_now_and_is_remembered(
    admin: ApiClient,
    hostile: HostileServer,
) -> None:
    """Also of a source that is switched off; unknown ones are 404."""
    place = await add(admin, hostile, "endless")
    await admin.patch(place, json={"enabled": False})
    checked = await (await admin.post(f"{place}/check")).json()
    last = (await (await admin.get(place)).json())["last"]
    await admin.delete(place)

    assert (checked["name"], checked["status"]) == ("endless", "too_large")
    same = ("status", "items", "elapsed_ms", "error")
    assert {name: last[name] for name in same} == {name: checked[name] for name in same}
    assert last["at"].endswith("Z")
    assert (await admin.post(f"{place}/check")).status == 404


async def test_nothing_goes_on_for_a_client_that_left(
    admin: ApiClient,
    hostile: HostileServer,
) -> None:
    """Its fetches end before their time; the service goes on."""
    hostile.behaviours["slow"] = Behaviour(expected="ok", pause=2)
    await admin.post(SOURCES, json={"name": "slow", "url": hostile.url("slow")})
    asking = asyncio.create_task(admin.get(ITEMS))
    while not hostile.hits["slow"]:
        await asyncio.sleep(0.01)
    asking.cancel()

    assert await hostile.becomes_idle(LEAVING_SECONDS)
    assert (await admin.get(SOURCES)).status == 200


@pytest.mark.parametrize("query", ["detail=1", "strict=yes", "stale=", "more=true"])
async def test_flags_are_true_or_false(admin: ApiClient, query: str) -> None:
    """Anything else is pointed at."""
    problem = await read(admin, query)

    name = query.partition("=")[0]
    assert [error["pointer"] for error in problem["errors"]] == [f"/query/{name}"]
