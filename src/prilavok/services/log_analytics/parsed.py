"""What the parser makes of a block."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.domain.shop_logs import (
    SHOWN_BYTES,
    Reason,
    RejectedLine,
    show_safely,
)
from prilavok.services.log_analytics.blocks import Block

# What tells one event from another.
IDENTITY: Final = ("at", "key")
# One verdict a line: a reason's place in ``REASONS``, or one of these.
Verdicts: TypeAlias = NDArray[np.int8]
REASONS: Final = tuple(Reason)
VALID: Final = -1
BLANK: Final = -2


@final
@dataclass(frozen=True, slots=True)
class Rejections:
    """The rejected lines of a block in their order; their text is made when asked."""

    block: Block
    verdicts: Verdicts

    def __len__(self) -> int:
        """Count them."""
        return int((self.verdicts >= 0).sum())

    def __iter__(self) -> Iterator[RejectedLine]:
        """Show one after the other."""
        for row in np.flatnonzero(self.verdicts >= 0).tolist():
            start = self.block.starts[row]
            end = min(self.block.ends[row], start + SHOWN_BYTES)
            yield RejectedLine(
                self.block.first_line + row,
                REASONS[self.verdicts[row]],
                show_safely(self.block.text[start:end]),
            )


@final
@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """Events in the order of their lines, duplicates included, and what they name.

    ``distinct`` are the events without those that repeat an earlier one of the block.
    ``events`` has a row a valid line: at (microseconds since 1970 in shop time), key
    (a number of base 36), address (a row of ``addresses``), page (a row of ``pages``),
    kind, and, where the path carries them, cart_id, user_id, goods_id, amount.
    ``addresses`` are canonical; a row that no event names may be null. ``pages`` has
    the columns path, kind, category and goods. ``lines`` leaves out blank ones.
    """

    events: pl.DataFrame
    distinct: pl.DataFrame
    addresses: pl.Series
    pages: pl.DataFrame
    lines: int
    rejected: Rejections
