"""Going on with a log where somebody stopped."""

from collections.abc import Iterable, Iterator
from functools import partial

from prilavok.services.log_analytics.blocks import Block


def from_line(first_line: int, blocks: Iterable[Block]) -> Iterator[Block]:
    """Leave out the lines before this one, counted from 1, blank ones included.

    Lines are what a log has whether or not it is packed, and however it was cut into
    blocks the last time. Reading over them costs a tenth of parsing them. No block is
    kept here.
    """
    wanted = filter(partial(_reaches, first_line), blocks)
    return map(partial(_without_earlier, first_line), wanted)


def _reaches(line: int, block: Block) -> bool:
    return _count_earlier(line, block) < len(block.starts)


def _without_earlier(line: int, block: Block) -> Block:
    known = _count_earlier(line, block)
    if not known:
        return block
    begin = block.starts[known]
    return Block(
        block.text[begin:],
        block.first_line + known,
        block.starts[known:] - begin,
        block.ends[known:] - begin,
    )


def _count_earlier(line: int, block: Block) -> int:
    return max(0, line - block.first_line)
