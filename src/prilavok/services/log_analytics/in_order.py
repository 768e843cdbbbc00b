"""Putting a log in order that comes in none, some blocks at a time.

A block whose events lie anywhere between known ones costs several times as much as one
that comes behind them: each event, address and cart of it is looked up by itself. So
such blocks are sorted together, and come as parts that lie one behind the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final, final

import polars as pl
from typing_extensions import Self, override

from prilavok.domain.imports import UnreadableLog
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.sorting import ADDRESS, sort_blocks

# As much as memory has room for; more would put more in order.
WINDOW_BLOCKS: Final = 8
# Between the events of a part lie those of earlier windows, which are all looked at:
# later windows have more parts, so that none meets many more than these.
EARLIER_LINES: Final = 80_000
# Neighbours in a log may be so far from their order, in microseconds: what several
# processes write is.
TOLERANCE: Final = 600_000_000
OLDEST: Final = pl.CompatLevel.oldest()


@final
class InOrder(Iterator[ParsedBlock]):
    """Blocks as they come while they are in order, others as sorted parts.

    The parts of a window are to be committed together: only the last one has a
    ``next_line``. Of a damaged log all that stands before the damage comes first.
    """

    def __init__(self, blocks: Iterator[ParsedBlock]) -> None:
        """Read nothing yet."""
        self._blocks = blocks
        self._parts: Iterator[ParsedBlock] = iter(())
        self._damage: UnreadableLog | None = None
        self._latest: int | None = None
        self._lines = 0

    @override
    def __iter__(self) -> Self:
        """Go on."""
        return self

    @override
    def __next__(self) -> ParsedBlock:
        """Return the next block or part, without keeping it.

        Raises ``UnreadableLog``.
        """
        part = next(self._parts, None)
        if part is not None:
            return part
        if self._damage is not None:
            raise self._damage
        block = next(self._blocks)
        if not self._is_late(block):
            self._note((block,))
            return block
        self._parts = self._sort(block)
        return next(self._parts)

    def _sort(self, block: ParsedBlock) -> Iterator[ParsedBlock]:
        window = [_slim(block)]
        try:
            window.extend(map(_slim, islice(self._blocks, WINDOW_BLOCKS - 1)))
        except UnreadableLog as damage:
            self._damage = damage
        parts = sort_blocks(window, self._lines // EARLIER_LINES)
        self._note(window)
        return parts

    def _is_late(self, block: ParsedBlock) -> bool:
        earliest: Any = block.events["at"].min()
        if earliest is None or self._latest is None:
            return False
        return bool(earliest < self._latest - TOLERANCE)

    def _note(self, blocks: Sequence[ParsedBlock]) -> None:
        ends: list[Any] = [block.events["at"].max() for block in blocks]
        self._latest = max(
            (end for end in ends if end is not None), default=self._latest
        )
        self._lines += sum(block.lines for block in blocks)


def _slim(block: ParsedBlock) -> ParsedBlock:
    """Let go of the block's text, of which strings of polars are views."""
    return replace(
        block,
        distinct=block.events.clear(),
        addresses=pl.Series(ADDRESS, block.addresses.to_arrow(compat_level=OLDEST)),
        pages=pl.DataFrame(block.pages.to_arrow(compat_level=OLDEST)),
    )
