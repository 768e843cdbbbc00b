"""Writing a parsed block, with all that follows from it."""

from asyncio import Future, get_running_loop
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, final

import polars as pl

from prilavok.repositories.binary_copy import EncodedRows
from prilavok.repositories.log_imports.events import encode_events
from prilavok.repositories.log_imports.store import LogRepositories
from prilavok.services.log_analytics.cart_writer import (
    CartLines,
    add_cart_lines,
    doubt_later_votes,
    find_cart_lines,
    find_events_around,
)
from prilavok.services.log_analytics.known import Horizon, KnownEvents
from prilavok.services.log_analytics.numbering import Numbering
from prilavok.services.log_analytics.own_thread import own_thread
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.summaries import summarize

Prepared = TypeVar("Prepared")


@final
@dataclass(frozen=True, slots=True)
class BlockWriter:
    """Writes the blocks of one import, each in a transaction of its caller.

    ``thread`` does what needs no database.
    """

    numbering: Numbering
    horizon: Horizon
    import_id: int
    thread: ThreadPoolExecutor

    async def write(self, logs: LogRepositories, block: ParsedBlock) -> int:
        """Store the events that are not known yet, and return how many that are."""
        if block.events.is_empty():
            return 0
        known = await self.horizon.find_known(logs, block.distinct)
        new = known.without(block.distinct)
        if len(new):
            numbered = await self.numbering.number(logs, block, new)
            events = numbered.with_columns(import_id=pl.lit(self.import_id))
            await self._add(logs, events, known)
        return len(new)

    async def _add(
        self,
        logs: LogRepositories,
        events: pl.DataFrame,
        known: KnownEvents,
    ) -> None:
        """While the database is busy, a thread prepares what it gets next."""
        encoding = self._begin(encode_events, events)
        await doubt_later_votes(logs, events, known)
        old = await find_events_around(logs, known)
        following = self._begin(_follow, events, old, known.is_complete)
        await logs.events.add(await encoding)
        found = await following
        await logs.summaries.add(found.summaries)
        await add_cart_lines(logs, found.carts)

    def _begin(self, task: Callable[..., Prepared], *inputs: Any) -> Future[Prepared]:
        return get_running_loop().run_in_executor(self.thread, task, *inputs)


@contextmanager
def open_writer(
    numbering: Numbering,
    horizon: Horizon,
    import_id: int,
) -> Iterator[BlockWriter]:
    """Write the blocks of one import, with a thread of its own."""
    with own_thread("log-summaries") as thread:
        yield BlockWriter(numbering, horizon, import_id, thread)


@final
@dataclass(frozen=True, slots=True)
class _Consequences:
    """What follows from events that are new."""

    summaries: tuple[EncodedRows, ...]
    carts: CartLines


def _follow(
    events: pl.DataFrame,
    old: pl.DataFrame,
    is_complete: bool,
) -> _Consequences:
    return _Consequences(summarize(events), find_cart_lines(events, old, is_complete))
