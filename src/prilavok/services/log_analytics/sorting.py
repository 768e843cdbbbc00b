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
PATH: Final = "path"
# The column of paths that is a row of another table.
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
class _Taken:
    """A part of what is named: row ``i`` of it is row ``used[i]`` of the whole."""

    rows: Numbers
    table: pl.DataFrame
    used: Numbers


@final
@dataclass(frozen=True, slots=True)
class _Named:
    """What events or paths name: the ``i``-th the row ``rows[i]`` of a table."""

    rows: Numbers
    table: pl.DataFrame

    def take(self, naming: Numbers) -> _Taken:
        """Return what these name, and nothing else."""
        used, rows = np.unique(self.rows[naming], return_inverse=True)
        return _Taken(rows, self.table[used], used)


@final
class _Together:
    """The events of all blocks, and in which order they belong."""

    def __init__(self, blocks: Sequence[ParsedBlock]) -> None:
        """Find the order, and which repeat the one before them."""
        events = [block.events for block in blocks]
        self._events = pl.concat(events)
        addresses = [block.addresses.to_frame() for block in blocks]
        paths = [block.paths for block in blocks]
        pages = [block.pages for block in blocks]
        self._addresses = _join(_rows_of(events, ADDRESS, addresses), addresses)
        self._paths = _Named(_rows_of(events, PATH, paths), pl.concat(paths))
        self._pages = _join(_rows_of(paths, PAGE, pages), pages)
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
        addresses, paths = (self._addresses.take(rows), self._paths.take(rows))
        pages = self._pages.take(paths.used)
        events = self._events[rows].with_columns(
            address=addresses.rows,
            path=paths.rows,
        )
        return ParsedBlock(
            events=events,
            distinct=events.filter(self._is_new[places]),
            addresses=addresses.table.to_series(),
            paths=paths.table.with_columns(page=pages.rows),
            pages=pages.table,
            lines=len(events) + len(rejected),
            rejected=rejected,
            next_line=next_line,
        )


def _rows_of(
    frames: Sequence[pl.DataFrame],
    column: str,
    tables: Sequence[pl.DataFrame],
) -> Numbers:
    """Return which row of all tables together each row of all frames names."""
    starts = np.cumsum([0, *map(len, tables)]).tolist()
    own = [frame[column].to_numpy() for frame in frames]
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
