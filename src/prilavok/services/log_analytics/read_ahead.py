"""Reading and parsing one block ahead, in a thread, while another is written."""

import asyncio
from collections.abc import AsyncGenerator, Iterator

from prilavok.services.log_analytics.blocks import read_blocks
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.memory import share_one_arena
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.parser import LogParser
from prilavok.services.log_analytics.resuming import from_line


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
    ahead = _start(blocks)
    try:
        block = await ahead
        while block is not None:
            ahead = _start(blocks)
            yield block
            block = await ahead
    finally:
        # The file may be closed only after the thread has let go of it.
        await asyncio.wait({ahead})


def _start(blocks: Iterator[ParsedBlock]) -> "asyncio.Task[ParsedBlock | None]":
    return asyncio.create_task(asyncio.to_thread(next, blocks, None))
