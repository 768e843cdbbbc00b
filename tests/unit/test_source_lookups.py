"""Looking names up while name servers hang."""

import asyncio
import threading
from typing import Any, cast

import pytest

from prilavok.clients.json_sources.addresses import AddressGuard
from prilavok.clients.json_sources.lookups import MAX_LOOKUPS, Lookups
from prilavok.domain.sources import MAX_SOURCES
from tests.hanging_names import FOUND, PATIENCE_SECONDS, HangingNames


async def begin(lookups: Lookups, count: int) -> list[asyncio.Task[Any]]:
    """Ask for so many names, each twice."""
    names = (f"hangs-{place // 2}" for place in range(2 * count))
    asking = [asyncio.create_task(lookups.find(name, 80)) for name in names]
    await asyncio.sleep(0)
    return asking


async def test_names_that_hang_do_not_hold_up_others() -> None:
    """As many as there may be sources; each takes one thread, which holds nobody."""
    names = HangingNames()
    lookups = Lookups(cast(AddressGuard, names))
    asking = await begin(lookups, MAX_SOURCES)
    async with asyncio.timeout(PATIENCE_SECONDS / 2):
        assert await lookups.find("good", 80) == [FOUND]
    names.gate.set()
    await asyncio.gather(*asking)

    assert len(names.asked) == MAX_SOURCES + 1
    assert names.are_daemons


async def test_there_is_an_end_to_threads() -> None:
    """Whoever leaves does not free one: the system still waits for the name."""
    names = HangingNames()
    lookups = Lookups(cast(AddressGuard, names))
    asking = await begin(lookups, MAX_LOOKUPS)
    for one in asking:
        one.cancel()
    with pytest.raises(OSError, match="Too many names"):
        await lookups.find("good", 80)

    names.gate.set()
    await lookups.close()


async def test_without_a_thread_a_name_fails_and_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever asks for it next starts anew."""
    names = HangingNames()
    lookups = Lookups(cast(AddressGuard, names))
    with monkeypatch.context() as crowded:
        crowded.setattr(threading.Thread, "start", no_more)
        with pytest.raises(OSError, match="No thread"):
            await lookups.find("good", 80)
    async with asyncio.timeout(PATIENCE_SECONDS / 2):
        assert await lookups.find("good", 80) == [FOUND]


def no_more(thread: threading.Thread) -> None:
    """Refuse as the system does when it has enough threads."""
    raise RuntimeError("can't start new thread")
