"""Reading and parsing one block ahead, in a thread, while another is written."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from prilavok.services.log_analytics.blocks import read_blocks
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.memory import share_one_arena
from prilavok.services.log_analytics.own_thread import own_thread
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.parser import LogParser
from prilavok.services.log_analytics.resuming import from_line

LET_GO_SECONDS: Final = 5


async def parse_ahead(
    log: LogFile,
    parser: LogParser,
    block_bytes: int,
    first_line: int = 1,
) -> AsyncGenerator[ParsedBlock, None]:
    """Yield the blocks of a log from a line on, counted from 1.

    Raises ``UnreadableLog`` where it is damaged.
    """
    share_one_arena()
    blocks = map(parser.parse, from_line(first_line, read_blocks(log, block_bytes)))
    with own_thread("log-reader") as reader:
        ahead = _start(reader, blocks)
        try:
            block = await asyncio.shield(ahead)
            while block is not None:
                ahead = _start(reader, blocks)
                yield block
                block = await asyncio.shield(ahead)
        finally:
            # The file may be closed only after the thread has let go of it, but for a
            # pipe that is silent nobody waits for long.
            await asyncio.wait({ahead}, timeout=LET_GO_SECONDS)


def _start(
    reader: ThreadPoolExecutor,
    blocks: Iterator[ParsedBlock],
) -> "asyncio.Future[ParsedBlock | None]":
    return asyncio.get_running_loop().run_in_executor(reader, next, blocks, None)
