"""Looking names up while name servers hang."""

import asyncio
import threading
from socket import AF_INET
from typing import Any, Final, cast

import pytest

from prilavok.clients.json_sources.addresses import AddressGuard, Endpoint
from prilavok.clients.json_sources.lookups import MAX_LOOKUPS, Lookups
from prilavok.domain.sources import MAX_SOURCES

FOUND: Final = Endpoint(AF_INET, "192.0.2.1")
PATIENCE_SECONDS: Final = 10


class HangingNames:
    """A guard whose names hang until its gate is open, all but ``good``."""

    def __init__(self) -> None:
        """Start with the gate shut."""
        self.gate = threading.Event()
        self.asked: list[str] = []
        self.are_daemons = True

    def lookup(self, host: str, port: int) -> list[Endpoint]:
        """Resolve as the system does: blocking."""
        self.asked.append(host)
        self.are_daemons &= threading.current_thread().daemon
        if host != "good":
            self.gate.wait(PATIENCE_SECONDS)
        return [FOUND]


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
