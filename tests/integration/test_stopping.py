"""Promises of ``prilavok.stopping``."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import closing
from time import monotonic
from typing import Final

import pytest

from prilavok.stop_event import stop_event
from prilavok.stopping import SIGNALS, Stopping, told_to_stop
from tests.stops import LOOPING, WAITING, stop_codes

TIMES: Final = 20
SECONDS: Final = 0.05


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_signals_to_stop_are_noted_and_later_ignored() -> None:
    """None interrupts anything, and none changes how we end."""
    for number in SIGNALS:
        with told_to_stop() as stopping:
            assert not stopping.is_set()
            os.kill(os.getpid(), number)
            assert stopping.wait(1)
            assert stopping.is_set()
        os.kill(os.getpid(), number)


def test_waiting_ends_with_its_time() -> None:
    """Nobody has told us anything."""
    before = monotonic()

    with closing(Stopping()) as stopping:
        assert not stopping.wait(SECONDS)
    assert monotonic() - before >= SECONDS


def test_more_signals_than_the_socket_holds_do_no_harm() -> None:
    """Nobody reads them."""
    with told_to_stop() as stopping:
        for _ in range(100_000):
            signal.raise_signal(signal.SIGTERM)
        assert stopping.wait(0)


async def test_a_loop_is_told_by_an_event() -> None:
    """Also when that happened before the loop looked."""
    with closing(Stopping()) as stopping:
        event = stop_event(stopping)
        assert not event.is_set()
        stopping.set()
        async with asyncio.timeout(1):
            await event.wait()
            await stop_event(stopping).wait()


@pytest.mark.parametrize("script", [WAITING, LOOPING])
def test_several_signals_at_once_stop_what_waits(script: str) -> None:
    """Two to five, up to 200 microseconds apart; each time with success."""
    assert set(stop_codes(script, TIMES, seed=1)) == {0}
