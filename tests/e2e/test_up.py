"""Promises of ``make run``, kept by the command behind it."""

import sys
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGTERM, Signals
from stat import S_IMODE
from time import monotonic

import pytest

from tests.e2e.instance import (
    READY,
    STOPS,
    Instance,
    becomes_true,
    kill,
    make_run,
    processes,
)


def test_ctrl_c_stops_all_and_the_next_start_finds_its_data(folder: Path) -> None:
    """The password is shown once; secrets are nobody else's; stopping is success."""
    first = Instance(folder).await_banner()
    running = folder / "var" / "running.env"

    assert first.get(READY) == HTTPStatus.OK
    assert "only this once" in first.banner["password"]
    assert S_IMODE(running.stat().st_mode) == 0o600
    assert first.end(SIGINT)[0] == 0
    assert not running.exists()
    assert not processes(folder)

    second = Instance(folder).await_banner()
    seconds = round(monotonic() - second.started, 2)
    sys.stdout.write(f"second start: {seconds} s\n")

    assert second.banner["password"].startswith("as before")
    assert second.end(SIGTERM)[0] == 0


@pytest.mark.parametrize(
    "trace",
    ["up.lock", "postgres", "postgres/data.new", "postgres/data", "running.env"],
)
def test_signals_may_come_early(folder: Path, trace: str) -> None:
    """Whatever is being done when they come, nothing of it is left behind."""
    instance = Instance(folder)
    assert becomes_true((folder / "var" / trace).exists)

    assert instance.end(SIGTERM, SIGINT)[0] == 0
    assert not processes(folder)


def test_signals_may_come_twice(folder: Path) -> None:
    """Nor do they hurry it."""
    instance = Instance(folder).await_banner()

    assert instance.end(SIGINT, SIGINT, SIGTERM, SIGHUP)[0] == 0
    assert not processes(folder)


@pytest.mark.parametrize("victim", ["", "prilavok\0up"])
def test_sudden_death_of_all_or_of_the_supervisor(folder: Path, victim: str) -> None:
    """The next start recovers, on the same port although it is fixed."""
    first = Instance(folder).await_banner()
    kill(folder, victim)
    first.end()
    second = Instance(folder, HTTP_PORT=str(first.port)).await_banner()

    assert second.get(READY) == HTTPStatus.OK
    assert second.end(SIGINT)[0] == 0
    assert not processes(folder)


def test_web_comes_back_and_a_lost_database_ends_all(folder: Path) -> None:
    """The first can be repaired from here; the second needs a person."""
    instance = Instance(folder).await_banner()
    kill(folder, "prilavok\0serve")
    assert becomes_true(lambda: processes(folder, "prilavok\0serve"))
    kill(folder, "postgres\0-D")
    code, errors = instance.end()

    assert code == 1
    assert "PostgreSQL ended by itself" in errors
    assert not processes(folder)


@pytest.mark.parametrize("signals", STOPS)
def test_make_returns_when_everything_has_ended(
    folder: Path,
    signals: Sequence[Signals],
) -> None:
    """Its recipe becomes the command, so it waits, whoever gets the signals."""
    make_run(folder).await_banner().end(*signals)

    assert not processes(folder)
