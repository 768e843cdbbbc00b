"""The demo sources of ``make run``."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from socket import create_server
from typing import Any, Final

import orjson
import pytest
import yaml
from aiohttp import ClientSession
from yarl import URL

from prilavok.domain.source_pairs import read_pairs
from prilavok.embedded.child import Child
from prilavok.embedded.demo_servers import COMMAND
from prilavok.embedded.demo_sources import DemoSources
from prilavok.embedded.json_server import LISTS
from prilavok.stopping import Stopping

ROOT: Final = Path(__file__).parents[2]
MODULE: Final = ("python", "-m", "prilavok.embedded.demo_process")
IDS: Final = {
    "first": [*range(1, 11), *range(31, 41)],
    "second": [*range(11, 21), *range(41, 51)],
    "third": [*range(21, 31), *range(51, 61)],
}


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """Stand in an empty folder without settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOURCES", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    with ExitStack() as open_stack:
        yield open_stack


async def read(session: ClientSession, url: str) -> Any:
    """Return status and document."""
    async with session.get(url) as response:
        return response.status, await response.json()


async def test_lists_can_be_read_filtered_and_picked_from(
    stack: ExitStack,
    tmp_path: Path,
) -> None:
    """Sources 1 and 3 on one server, 2 on another."""
    demo = DemoSources(tmp_path, stack)
    urls = read_pairs(demo.settings()["SOURCES"])
    lock = stack.enter_context((tmp_path / "lock").open("w")).fileno()
    stack.callback(Child((*COMMAND, *demo.words()), lock).stop)
    demo.await_ready(stack.enter_context(closing(Stopping())))
    async with ClientSession() as session:
        lists = {name: (await read(session, url))[1] for name, url in urls.items()}
        picked = await read(session, f"{urls['second']}?id=12&id=50&name=Test%2012")
        one = await read(session, f"{urls['third']}/60")
        none = await read(session, f"{urls['third']}/1")

    ids = {name: [found["id"] for found in listed] for name, listed in lists.items()}
    assert ids == IDS
    assert urls["first"].removesuffix("first") == urls["third"].removesuffix("third")
    assert picked == (200, [{"id": 12, "name": "Test 12"}])
    assert (one, none) == ((200, {"id": 60, "name": "Test 60"}), (404, {}))


def test_ports_stay_unless_they_are_taken(stack: ExitStack, tmp_path: Path) -> None:
    """Then the stored sources are told where the servers went."""
    with ExitStack() as first:
        chosen = read_pairs(DemoSources(tmp_path, first).settings()["SOURCES"])
    again = DemoSources(tmp_path, stack)
    assert read_pairs(again.settings()["SOURCES"]) == chosen
    assert not again.moves()

    stack.close()
    port = int((tmp_path / "json_sources.ports").read_text().split()[0])
    with create_server(("127.0.0.1", port)):
        pushed = DemoSources(tmp_path, stack)
        moved = read_pairs(pushed.settings()["SOURCES"])

    assert pushed.moves() == {chosen[name]: moved[name] for name in chosen}
    assert moved["first"] != chosen["first"]
    assert moved["second"] == chosen["second"]


def test_sources_of_ones_own_need_no_demo(
    stack: ExitStack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They may still be on this machine."""
    monkeypatch.setenv("SOURCES", "mine=http://127.0.0.1:1/")
    demo = DemoSources(tmp_path, stack)

    assert demo.settings() == {"SOURCES_ALLOW_PRIVATE": "true"}
    assert not list(demo.words())


def test_lists_are_files_of_ours() -> None:
    """What is served can be read where it lies."""
    for name, ids in IDS.items():
        listed = orjson.loads((LISTS / f"{name}.json").read_bytes())
        assert listed == [{"id": number, "name": f"Test {number}"} for number in ids]


def test_containers_serve_what_the_service_is_told_to_ask() -> None:
    """Compose names each list at its server, and the image has the lists."""
    document = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = document["services"]
    default = services["web"]["environment"]["SOURCES"].removeprefix("${SOURCES:-")
    pairs = read_pairs(default.removesuffix("}"))
    for name, url in pairs.items():
        asked = URL(url)
        words = services[asked.host]["command"].split()
        assert words[:6] == [*MODULE, "0.0.0.0", "--lists", str(asked.port)]
        assert name in words[6:]
        assert asked.path == f"/{name}"
        assert asked.host in services["web"]["depends_on"]
        assert "environment" not in services[asked.host]

    assert list(pairs) == list(IDS)
    assert "COPY json_sources ./json_sources" in (ROOT / "Dockerfile").read_text()
