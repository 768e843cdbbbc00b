"""Putting a log in order that comes in none, some blocks at a time.

A block whose events lie anywhere between known ones costs several times as much as one
that comes behind them: each event, address and cart of it is looked up by itself. So
such blocks are sorted together, and come as parts that lie one behind the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, final

import polars as pl
from typing_extensions import override

from prilavok.domain.imports import UnreadableLog
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.sorting import ADDRESS, sort_blocks

# As much as memory has room for; more would put more in order.
WINDOW_BLOCKS: Final = 6
WINDOW_REJECTED: Final = 20_000
# Between the events of a part lie those of earlier blocks, which are all looked at:
# later windows have more parts, so that none meets many more than these.
EARLIER_LINES: Final = 80_000
# More would take longer than what they spare, in a single transaction.
MOST_PARTS: Final = 128
# So much of a block has to come so long (in microseconds) before the middle of the one
# before it: neither a few wrong clocks nor what several processes write is no order.
LATE_SHARE: Final = 0.1
TOLERANCE: Final = 600_000_000
OLDEST: Final = pl.CompatLevel.oldest()


@final
class InOrder(Iterator[ParsedBlock]):
    """Blocks as they come while they are in order, others as sorted parts.

    The parts of a window are to be committed together: only the last one has a
    ``next_line``. Of a damaged log all that stands before the damage comes first.
    After ten million events blocks come as they are.
    """

    def __init__(self, blocks: Iterator[ParsedBlock]) -> None:
        """Read nothing yet."""
        self._blocks = blocks
        self._parts: Iterator[ParsedBlock] = iter(())
        self._damage: UnreadableLog | None = None
        self._middle: float | None = None
        self._events = 0

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
        parts = self._events // EARLIER_LINES
        if parts > MOST_PARTS or not self._is_late(block):
            self._note(block)
            return block
        block = _slim(block)
        self._parts = sort_blocks(self._collect(block), parts)
        return next(self._parts)

    def _collect(self, first: ParsedBlock) -> Sequence[ParsedBlock]:
        """Read on as long as there is room; what cannot be read is kept for later."""
        window = [first]
        self._note(first)
        rejected = len(first.rejected)
        try:
            while len(window) < WINDOW_BLOCKS and rejected < WINDOW_REJECTED:
                window.append(_slim(next(self._blocks)))
                self._note(window[-1])
                rejected += len(window[-1].rejected)
        except StopIteration:
            return window
        except UnreadableLog as damage:
            self._damage = damage
        return window

    def _is_late(self, block: ParsedBlock) -> bool:
        if self._middle is None or block.events.is_empty():
            return False
        is_late = block.events["at"] < self._middle - TOLERANCE
        return int(is_late.sum()) > LATE_SHARE * len(is_late)

    def _note(self, block: ParsedBlock) -> None:
        self._events += len(block.events)
        middle: Any = block.events["at"].median()
        if middle is not None:
            self._middle = middle


def _slim(block: ParsedBlock) -> ParsedBlock:
    """Let go of the block's text, of which strings of polars are views."""
    return replace(
        block,
        distinct=block.events.clear(),
        addresses=pl.Series(ADDRESS, block.addresses.to_arrow(compat_level=OLDEST)),
        pages=pl.DataFrame(block.pages.to_arrow(compat_level=OLDEST)),
    )
