"""Going on with a log where somebody stopped."""

from collections.abc import Iterable, Iterator

from prilavok.services.log_analytics.blocks import Block


def from_line(first_line: int, blocks: Iterable[Block]) -> Iterator[Block]:
    """Leave out the lines before this one, counted from 1, blank ones included.

    Lines are what a log has whether or not it is packed, and however it was cut into
    blocks the last time. Reading over them costs a tenth of parsing them.
    """
    for block in blocks:
        known = max(0, first_line - block.first_line)
        if known < len(block.starts):
            yield _without(block, known) if known else block


def _without(block: Block, known: int) -> Block:
    begin = block.starts[known]
    return Block(
        block.text[begin:],
        block.first_line + known,
        block.starts[known:] - begin,
        block.ends[known:] - begin,
    )
