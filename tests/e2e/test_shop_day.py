"""A day in a shop, with everything that `make run` starts."""

import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from signal import SIGINT
from subprocess import check_output
from typing import Final
from urllib.request import urlopen

import pytest

from tests.e2e.instance import Instance, becomes_true, kill, processes
from tests.e2e.visitor import PASSWORD, Visitor

LINES: Final = 300_000
MADE_UP: Final = (
    sys.executable,
    "-m",
    "prilavok",
    "demo",
    "log",
    "--lines",
    f"{LINES}",
)
WORKER: Final = "prilavok\0worker"
PLAY: Final = ("POST", "/plays", {"email": "Zoe@Example.com"})


@pytest.fixture
def instance(folder: Path) -> Iterator[Instance]:
    """Start everything."""
    started = Instance(folder, ADMIN_PASSWORD=PASSWORD).await_banner()
    yield started
    assert started.end(SIGINT)[0] == 0


def test_mails_come_to_the_demo_provider(instance: Instance) -> None:
    """Played twice: counted twice, told what was there before, one contact."""
    visitor = Visitor(instance)
    first, second = visitor.send(*PLAY), visitor.send(*PLAY)
    with urlopen(instance.banner["demo"].split()[-1]) as page:
        contacts = page.read().decode()

    assert first[0] == HTTPStatus.CREATED
    assert second[0] == HTTPStatus.OK
    told = [(it["in_esp"], it["in_game"], it["plays"]) for _, it in (first, second)]
    assert told == [(False, False, 1), (True, True, 2)]
    assert contacts.lower().count("zoe@example.com") == 1


def test_import_outlives_its_worker(instance: Instance, folder: Path) -> None:
    """Brought by HTTP, killed in the middle, finished, counted, taken out again."""
    log = check_output(MADE_UP, cwd=folder)
    visitor = Visitor(instance)
    visitor.sign_in()
    import_id = visitor.upload(log)
    events = visitor.follow(import_id)
    seen = next(one for one in events if one["lines"] or one["state"] != "queued")
    kill(folder, WORKER)
    last = list(events)[-1]
    counted = visitor.send("GET", "/reports/peak-hour")[1]["meta"]["events"]
    status, _ = visitor.send("DELETE", f"/imports/{import_id}")
    left = visitor.send("GET", "/reports/peak-hour")[1]["meta"]["events"]

    assert seen["lines"] < LINES
    assert (last["state"], last["lines"]) == ("succeeded", LINES)
    assert (status, counted - left) == (HTTPStatus.NO_CONTENT, last["inserted"])
    assert becomes_true(lambda: processes(folder, WORKER))
