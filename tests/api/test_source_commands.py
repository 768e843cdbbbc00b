"""``prilavok sources``: the same services at a terminal."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Final, TypeAlias

import pytest

from prilavok.settings import Settings, load_settings
from tests.api.people import API, ApiClient
from tests.api.terminal import Prilavok
from tests.hostile_answers import HOSTILE, items, says
from tests.hostile_server import HostileServer

Terminal: TypeAlias = Callable[..., Awaitable[tuple[object, str, str]]]
# What a terminal, or the library that draws the table, would obey.
NAME: Final = "[/red] \x1b]0;title\x07 \u202e\n"
SHOWN: Final = r"[/red] \x1b]0;title\x07 \u202e\n"
EVIL: Final = json.dumps([{"id": 4, "name": NAME}]).encode()
SEEDED: Final = ("good", "evil", "failed")


@pytest.fixture
async def hostile() -> AsyncIterator[HostileServer]:
    """Serve a good list, one that terminals would obey, and none."""
    behaviours = {
        "good": says("ok", items(1, 3), 1, 2, 3),
        "evil": says("ok", EVIL, 4),
        "failed": HOSTILE["failed"],
    }
    async with HostileServer(behaviours).listening() as server:
        yield server


@pytest.fixture
def settings(
    settings: Settings,
    hostile: HostileServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Seed all three, which are on this machine."""
    pairs = ",".join(f"{name}={hostile.url(name)}" for name in SEEDED)
    monkeypatch.setenv("SOURCES", pairs)
    monkeypatch.setenv("SOURCES_ALLOW_PRIVATE", "true")
    monkeypatch.setenv("COLUMNS", "120")
    return load_settings()


@pytest.fixture
def prilavok(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Terminal:
    """Sit at a terminal, beside the service."""
    return partial(Prilavok(monkeypatch, capsys).attempt, "sources")


async def test_items_come_as_a_table_or_as_json(
    admin: ApiClient,
    prilavok: Terminal,
) -> None:
    """What failed is told on stderr; nothing that a source sent is obeyed."""
    code, table, told = await prilavok("fetch")
    _, document, _ = await prilavok("fetch", "--json")
    found: dict[str, Any] = json.loads(document)

    assert code == 0
    assert SHOWN in table
    assert "\x1b" not in table + told
    assert "failed  http_error  It answered with 500." in told
    assert [one["id"] for one in found["items"]] == [1, 2, 3, 4]
    assert found["items"][-1]["name"] == NAME
    assert [one["status"] for one in found["sources"]] == ["ok", "ok", "http_error"]


async def test_strict_fails_and_stale_fills_in(
    admin: ApiClient,
    hostile: HostileServer,
    prilavok: Terminal,
) -> None:
    """The exit code tells."""
    await admin.get(f"{API}/sources/items")
    code, _, told = await prilavok("fetch", "--strict")
    hostile.behaviours["good"] = HOSTILE["empty"]
    filled, table, reports = await prilavok("fetch", "--stale")

    assert filled == 0
    assert "failed (http_error)" in f"{code} {told}"
    assert "Test 3" in table
    assert "good  stale  bad_json" in reports


async def test_a_check_names_what_it_asks(
    admin: ApiClient,
    prilavok: Terminal,
) -> None:
    """All that are switched on, or those that are named, in any case."""
    everything = await prilavok("check")
    fine = await prilavok("check", "good", "EVIL")
    unknown = await prilavok("check", "nobody")

    assert everything[0] == 1
    assert "http_error" in everything[1]
    assert (fine[0], fine[1].count(" ok ")) == (0, 2)
    assert unknown[0]
    assert "No such source: nobody." in unknown[2]
