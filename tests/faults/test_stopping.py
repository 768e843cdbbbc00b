"""Stopping, often enough to meet what happens in one of many tries."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from signal import Signals
from tempfile import TemporaryDirectory

import pytest

from tests.e2e.instance import STOPS, kill, make_run, processes
from tests.stops import LOOPING, WAITING, stop_codes

BARE_TIMES = 200
TIMES_OF_EACH = 10


@pytest.fixture
def folder() -> Iterator[Path]:
    """Stand in a folder that PostgreSQL's account can reach; leave nothing running."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as made:
        place = Path(made).resolve()
        place.chmod(0o755)
        yield place
        kill(place)


@pytest.mark.slow
@pytest.mark.parametrize("script", [WAITING, LOOPING])
def test_two_hundred_stops_of_what_waits(script: str) -> None:
    """By two to five signals each, up to 200 microseconds apart."""
    assert set(stop_codes(script, BARE_TIMES, seed=2)) == {0}


@pytest.mark.slow
@pytest.mark.parametrize("signals", STOPS)
def test_make_run_stops_every_time(folder: Path, signals: Sequence[Signals]) -> None:
    """It returns, and only when all that it started has ended."""
    for _ in range(TIMES_OF_EACH):
        instance = make_run(folder).await_banner()
        instance.end(*signals)
        assert not processes(folder)
