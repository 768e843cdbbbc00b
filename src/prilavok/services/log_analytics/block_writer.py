"""Writing a parsed block, with all that follows from it."""

from asyncio import Future, get_running_loop
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, final
from uuid import UUID

import polars as pl

from prilavok.repositories.binary_copy import EncodedRows
from prilavok.repositories.log_imports.events import encode_events
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.repositories.log_imports.visitors import (
    EncodedVisitors,
    encode_visitors,
)
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


class Following(Protocol):
    """The blocks that come next."""

    def peek(self) -> ParsedBlock | None:
        """Return the next one if it is there already."""


@final
@dataclass(frozen=True, slots=True)
class _Consequences:
    """What follows from events that are new."""

    summaries: tuple[EncodedRows, ...]
    carts: CartLines


@final
@dataclass(frozen=True, slots=True)
class _Ready:
    """A block that is looked up; what the database gets of it a thread prepares."""

    known: KnownEvents
    events: pl.DataFrame
    encoded_visitors: Future[EncodedVisitors]
    encoded_events: Future[EncodedRows]
    consequences: Future[_Consequences]


@final
@dataclass(frozen=True, slots=True)
class _ReadyAhead:
    """The next block, looked up while the data were of this generation."""

    block: ParsedBlock
    ready: _Ready | None
    generation: UUID

    def is_valid(self, logs: LogRepositories, block: ParsedBlock) -> bool:
        """Tell whether nobody else has written since."""
        return self.block is block and self.generation in (logs.generations or ())


@final
class BlockWriter:
    """Writes the blocks of one import, each in a transaction of its caller.

    While the database is busy with a block's carts, the next block is made ready, if
    it has been parsed: so neither the database nor this process waits for long.
    """

    def __init__(
        self,
        numbering: Numbering,
        horizon: Horizon,
        import_id: int,
        thread: ThreadPoolExecutor,
    ) -> None:
        """Let the thread do what needs no database."""
        self._numbering = numbering
        self._horizon = horizon
        self._import_id = pl.lit(import_id)
        self._thread = thread
        self._ahead: _ReadyAhead | None = None
        self._left: UUID | None = None

    async def write(
        self,
        logs: LogRepositories,
        block: ParsedBlock,
        following: Following,
    ) -> int:
        """Store the events that are not known yet, and return how many that are."""
        ready = await self._take(logs, block)
        if ready is None:
            return 0
        await doubt_later_votes(logs, ready.events, ready.known)
        carts = await _add(logs, ready)
        await self._look_ahead(logs, following)
        await add_cart_lines(logs, carts)
        return len(ready.events)

    async def _take(self, logs: LogRepositories, block: ParsedBlock) -> _Ready | None:
        ahead = self._ahead
        self._ahead = None
        if ahead is not None and ahead.is_valid(logs, block):
            return ahead.ready
        return await self._make_ready(logs, block)

    async def _look_ahead(self, logs: LogRepositories, following: Following) -> None:
        """Make the next block ready, unless somebody else writes by turns with us.

        Then it would be done for nothing, block after block.
        """
        generations = logs.generations
        if generations is None:
            return
        is_alone = self._left is None or self._left in generations
        self._left = generations.left
        block = following.peek()
        if is_alone and block is not None:
            ready = await self._make_ready(logs, block)
            self._ahead = _ReadyAhead(block, ready, generations.left)

    async def _make_ready(
        self,
        logs: LogRepositories,
        block: ParsedBlock,
    ) -> _Ready | None:
        """Look the block up; None where nothing of it is new."""
        if block.distinct.is_empty():
            return None
        known = await self._horizon.find_known(logs, block.distinct)
        new = known.without(block.distinct)
        if new.is_empty():
            return None
        numbers = await self._numbering.look_up(logs, block, new)
        events = numbers.number(new).with_columns(import_id=self._import_id)
        old = await find_events_around(logs, known)
        return _Ready(
            known,
            events,
            self._begin(encode_visitors, numbers.new_visitors),
            self._begin(encode_events, events),
            self._begin(_follow, events, old, known.is_complete),
        )

    def _begin(self, task: Callable[..., Prepared], *inputs: Any) -> Future[Prepared]:
        return get_running_loop().run_in_executor(self._thread, task, *inputs)


@contextmanager
def open_writer(
    numbering: Numbering,
    horizon: Horizon,
    import_id: int,
) -> Iterator[BlockWriter]:
    """Write the blocks of one import, with a thread of its own."""
    with own_thread("log-summaries") as thread:
        yield BlockWriter(numbering, horizon, import_id, thread)


async def _add(logs: LogRepositories, ready: _Ready) -> CartLines:
    """Store events and what is counted of them; return what they say about carts."""
    await logs.visitors.add(await ready.encoded_visitors)
    await logs.events.add(await ready.encoded_events)
    found = await ready.consequences
    await logs.summaries.add(found.summaries)
    return found.carts


def _follow(
    events: pl.DataFrame,
    old: pl.DataFrame,
    is_complete: bool,
) -> _Consequences:
    return _Consequences(summarize(events), find_cart_lines(events, old, is_complete))
