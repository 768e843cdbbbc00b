"""Reading ahead can be broken off."""

import asyncio
import gc
from io import BytesIO, RawIOBase
from threading import Event
from typing import Any, Final

import pytest
from typing_extensions import override

from prilavok.domain.imports import UnreadableLog
from prilavok.services.log_analytics.blocks import ByteSource
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.parser import LogParser
from prilavok.services.log_analytics.read_ahead import read_ahead

LINE: Final = b"\n"


class Stalled(RawIOBase):
    """Gives a buffer of bytes, and nothing more before it is told to end."""

    def __init__(self) -> None:
        """Wait for nobody yet."""
        self.is_asked = Event()
        self.may_end = Event()
        self._is_begun = False

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int:
        if self._is_begun:
            self.is_asked.set()
            self.may_end.wait()
            return 0
        self._is_begun = True
        return BytesIO(LINE * len(buffer)).readinto(buffer)


async def read_all(stalled: Stalled) -> None:
    """Parse it to its end."""
    log = LogFile("stalled", stalled, None)
    async with read_ahead(LogParser("shop.example").parse_log(log, 1024)) as blocks:
        while await blocks.take():
            """Only the blocks' coming counts."""


async def test_a_cancelled_reader_holds_nobody_up() -> None:
    """The loop goes on, and the stream is let go when the thread has done so."""
    stalled = Stalled()
    reading = asyncio.create_task(read_all(stalled))
    await asyncio.to_thread(stalled.is_asked.wait)
    reading.cancel()
    done, _ = await asyncio.wait({reading}, timeout=0.2)
    stalled.may_end.set()

    assert not done
    with pytest.raises(asyncio.CancelledError):
        await reading


class Damaged:
    """Raises each time after the first block."""

    def __init__(self) -> None:
        """Start anew."""
        self._reads = 0

    def readinto(self, room: memoryview) -> int:
        """Return lines once."""
        self._reads += 1
        if self._reads > 2:
            raise UnreadableLog("Damaged.")
        return BytesIO(LINE * len(room)).readinto(room)


async def take_one(log: ByteSource) -> None:
    """Take the first block and leave."""
    async with read_ahead(LogParser("shop.example").parse_log(log, 1024)) as blocks:
        await blocks.take()


async def test_nobody_hears_of_damage_that_was_not_reached() -> None:
    """The loop would complain of an error that nobody asked for, at any later time."""
    complaints: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    await take_one(Damaged())
    # What nobody asked for complains when it is thrown away.
    gc.collect()

    assert not complaints
