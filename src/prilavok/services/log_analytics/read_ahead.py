"""Reading and parsing blocks ahead, in a thread, while another is written."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, final

from prilavok.services.log_analytics.memory import keep_little_memory
from prilavok.services.log_analytics.own_thread import own_thread
from prilavok.services.log_analytics.parsed import ParsedBlock

LET_GO_SECONDS: Final = 5
# So many blocks are parsed ahead at most, so that the one after the next is there when
# the next is written and that can be looked up; and so many are always on their way.
MOST_AHEAD: Final = 3
LEAST_AHEAD: Final = 2


@final
class BlocksAhead:
    """Blocks of a log, one after the other."""

    def __init__(
        self,
        reader: ThreadPoolExecutor,
        blocks: Iterator[ParsedBlock],
    ) -> None:
        """Start with the first ones."""
        self._reader = reader
        self._blocks = blocks
        self._next: list[asyncio.Future[ParsedBlock | None]] = []
        self._read_on(MOST_AHEAD)

    async def take(self) -> ParsedBlock | None:
        """Return the next block; None: the end.

        Raises ``UnreadableLog`` where the log is damaged.
        """
        block = await asyncio.shield(self._next[0])
        self._next = self._next[1:]
        self._read_on(LEAST_AHEAD)
        return block

    def read_on(self) -> None:
        """Start with another block, now that little else is to be done here."""
        self._read_on(MOST_AHEAD)

    async def __aiter__(self) -> AsyncIterator[ParsedBlock]:
        """Take all of them."""
        while True:
            block = await self.take()
            if block is None:
                return
            yield block

    def peek(self) -> ParsedBlock | None:
        """Return what ``take`` would without waiting; None where it would not."""
        if not self._next[0].done() or self._next[0].exception() is not None:
            return None
        return self._next[0].result()

    async def let_go(self) -> None:
        """Wait until the thread is done with the file, but not for a silent pipe."""
        # What is wrong with blocks that nobody took is of no interest.
        everything = asyncio.gather(*self._next, return_exceptions=True)
        await asyncio.wait({everything}, timeout=LET_GO_SECONDS)

    def _read_on(self, most: int) -> None:
        while len(self._next) < most:
            self._next.append(self._parse())

    def _parse(self) -> "asyncio.Future[ParsedBlock | None]":
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._reader, next, self._blocks, None)


@asynccontextmanager
async def read_ahead(blocks: Iterator[ParsedBlock]) -> AsyncIterator[BlocksAhead]:
    """Take blocks in a thread of their own."""
    keep_little_memory()
    with own_thread("log-reader") as reader:
        ahead = BlocksAhead(reader, blocks)
        try:
            yield ahead
        finally:
            # The file may be closed only after that.
            await ahead.let_go()
