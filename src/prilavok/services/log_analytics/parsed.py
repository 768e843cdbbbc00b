"""What the parser makes of a block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import Self

from prilavok.domain.shop_logs import (
    SHOWN_BYTES,
    Reason,
    RejectedLine,
    show_safely,
)
from prilavok.services.log_analytics.blocks import Block, Numbers

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
    """Rejected lines in their order; their text is made when asked.

    ``beginnings`` are what is shown of each; ``lines`` are their numbers.
    """

    beginnings: Sequence[bytes]
    lines: Numbers
    verdicts: Verdicts

    @classmethod
    def find(cls, block: Block, verdicts: Verdicts) -> Self:
        """Take them out of a block, which may then be forgotten."""
        rows = np.flatnonzero(verdicts >= 0)
        starts = block.starts[rows]
        ends = np.minimum(block.ends[rows], starts + SHOWN_BYTES)
        places = zip(starts.tolist(), ends.tolist(), strict=True)
        return cls(
            [block.text[start:end].tobytes() for start, end in places],
            block.first_line + rows,
            verdicts[rows],
        )

    @classmethod
    def none(cls) -> Self:
        """Tell of nothing."""
        return cls((), np.zeros(0, np.int64), np.zeros(0, np.int8))

    def __len__(self) -> int:
        """Count them."""
        return len(self.lines)

    def __iter__(self) -> Iterator[RejectedLine]:
        """Show one after the other."""
        found = zip(self.lines, self.verdicts, self.beginnings, strict=True)
        for line, verdict, beginning in found:
            yield RejectedLine(int(line), REASONS[verdict], show_safely(beginning))


@final
@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """Events in the order of their lines, duplicates included, and what they name.

    ``distinct`` are the events without those that repeat an earlier one of the block.
    ``events`` has a row a valid line: at (microseconds since 1970 in shop time), key
    (a number of base 36), address (a row of ``addresses``), path (a row of ``paths``).
    ``addresses`` are canonical; a row that no event names may be null. ``paths`` has
    what each path is about: page (a row of ``pages``), kind and, where the path carries
    them, cart_id, user_id, goods_id, amount. ``pages`` has the columns path, kind,
    category and goods. ``lines`` leaves out blank ones.
    ``next_line`` is where reading goes on when this block is committed; None where it
    must be committed together with the next one.
    """

    events: pl.DataFrame
    distinct: pl.DataFrame
    addresses: pl.Series
    paths: pl.DataFrame
    pages: pl.DataFrame
    lines: int
    rejected: Rejections
    next_line: int | None
