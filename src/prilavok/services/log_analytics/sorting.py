"""Sorting the events of several blocks together; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final, final

import numpy as np
import polars as pl

from prilavok.services.log_analytics.blocks import Numbers
from prilavok.services.log_analytics.parsed import IDENTITY, ParsedBlock, Rejections

# The columns of events that are rows of another table.
ADDRESS: Final = "address"
PAGE: Final = "page"


def sort_blocks(blocks: Sequence[ParsedBlock], least: int) -> Iterator[ParsedBlock]:
    """Yield the events in order, in so many parts at least; only the last may commit.

    There are as many parts as blocks or more; of what is rejected each part has that
    of one block. Of events that are the same one, what came first stays first.
    """
    together = _Together(blocks)
    places = np.arange(len(together.order))
    parts = np.array_split(places, max(least, len(blocks)))
    rejected = chain((block.rejected for block in blocks), repeat(Rejections.none()))
    for part in parts[:-1]:
        yield together.cut(part, next(rejected), None)
    yield together.cut(parts[-1], next(rejected), blocks[-1].next_line)


@final
@dataclass(frozen=True, slots=True)
class _Named:
    """What events name: event ``i`` the row ``rows[i]`` of the table."""

    rows: Numbers
    table: pl.DataFrame

    def take(self, events: Numbers) -> "_Named":
        """Return what these events name, and nothing else."""
        used, rows = np.unique(self.rows[events], return_inverse=True)
        return _Named(rows, self.table[used])


@final
class _Together:
    """The events of all blocks, and in which order they belong."""

    def __init__(self, blocks: Sequence[ParsedBlock]) -> None:
        """Find the order, and which repeat the one before them."""
        self._events = pl.concat(block.events for block in blocks)
        addresses = [block.addresses.to_frame() for block in blocks]
        pages = [block.pages for block in blocks]
        self._addresses = _join(_rows_of(blocks, ADDRESS, addresses), addresses)
        self._pages = _join(_rows_of(blocks, PAGE, pages), pages)
        at, key = (self._events[name].to_numpy() for name in IDENTITY)
        self.order = np.lexsort((key, at))
        at, key = at[self.order], key[self.order]
        self._is_new = np.append(True, (np.diff(at) != 0) | (np.diff(key) != 0))

    def cut(
        self,
        places: Numbers,
        rejected: Rejections,
        next_line: int | None,
    ) -> ParsedBlock:
        """Return the events that have these places in the order."""
        rows = self.order[places]
        addresses, pages = (self._addresses.take(rows), self._pages.take(rows))
        events = self._events[rows].with_columns(
            address=addresses.rows,
            page=pages.rows,
        )
        return ParsedBlock(
            events=events,
            distinct=events.filter(self._is_new[places]),
            addresses=addresses.table.to_series(),
            pages=pages.table,
            lines=len(events) + len(rejected),
            rejected=rejected,
            next_line=next_line,
        )


def _rows_of(
    blocks: Sequence[ParsedBlock],
    column: str,
    tables: Sequence[pl.DataFrame],
) -> Numbers:
    """Return which row of all tables together each event of all blocks names."""
    starts = np.cumsum([0, *map(len, tables)]).tolist()
    own = [block.events[column].to_numpy() for block in blocks]
    return np.concatenate(
        [rows + start for rows, start in zip(own, starts, strict=False)],
    )


def _join(rows: Numbers, tables: Sequence[pl.DataFrame]) -> _Named:
    """Keep each word of the tables' first column once."""
    together = pl.concat(tables)
    word = together.columns[0]
    unique = together.unique(word, keep="first", maintain_order=True)
    numbered = together.select(word).join(
        unique.select(word).with_row_index("row"),
        on=word,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    return _Named(numbered["row"].to_numpy().astype(np.int64)[rows], unique)
