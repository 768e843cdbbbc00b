"""Reading and parsing one block ahead, in a thread, while another is written."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor

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
    # Always the same thread: libraries keep memory for each that ever used them.
    with ThreadPoolExecutor(1, "log-reader") as reader:
        ahead = _start(reader, blocks)
        try:
            block = await ahead
            while block is not None:
                ahead = _start(reader, blocks)
                yield block
                block = await ahead
        finally:
            # The file may be closed only after the thread has let go of it.
            await asyncio.wait({ahead})


def _start(
    reader: ThreadPoolExecutor,
    blocks: Iterator[ParsedBlock],
) -> "asyncio.Future[ParsedBlock | None]":
    return asyncio.get_running_loop().run_in_executor(reader, next, blocks, None)
