"""Making a block ready to be stored: what it needs to know, and what it brings."""

from asyncio import Future, get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar, final

import polars as pl

from prilavok.repositories.binary_copy import EncodedRows
from prilavok.repositories.log_imports.events import EncodedEvents, encode_events
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.repositories.log_imports.visitors import (
    EncodedVisitors,
    encode_visitors,
)
from prilavok.services.log_analytics.cart_writer import (
    CartLines,
    find_cart_lines,
    find_events_around,
)
from prilavok.services.log_analytics.known import Horizon, KnownEvents
from prilavok.services.log_analytics.numbering import Numbering
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.summaries import summarize
from prilavok.services.log_analytics.unwritten import Unwritten

Prepared = TypeVar("Prepared")


@final
@dataclass(frozen=True, slots=True)
class _Consequences:
    """What follows from events that are new."""

    summaries: tuple[EncodedRows, ...]
    carts: CartLines


@final
@dataclass(frozen=True, slots=True)
class ReadyBlock:
    """A block that is looked up; what the database gets of it a thread prepares."""

    known: KnownEvents
    events: pl.DataFrame
    new_visitors: pl.DataFrame
    encoded_visitors: Future[EncodedVisitors]
    encoded_events: Future[EncodedEvents]
    consequences: Future[_Consequences]

    @property
    def unwritten(self) -> Unwritten:
        """Return what others cannot see before the block is committed."""
        return Unwritten(self.events, self.new_visitors)

    async def add(self, logs: LogRepositories) -> CartLines:
        """Store events and what is counted of them; return what they say of carts."""
        await logs.rows.visitors.add(await self.encoded_visitors)
        await logs.rows.events.add(await self.encoded_events)
        found = await self.consequences
        await logs.rows.summaries.add(found.summaries)
        return found.carts


@final
@dataclass(frozen=True, slots=True)
class BlockLookup:
    """Looks the blocks of one import up; ``thread`` does what needs no database."""

    numbering: Numbering
    horizon: Horizon
    pack_size: int
    import_id: int
    thread: ThreadPoolExecutor

    async def make_ready(
        self,
        logs: LogRepositories,
        block: ParsedBlock,
        unwritten: Unwritten | None = None,
    ) -> ReadyBlock | None:
        """Look the block up; None where nothing of it is new.

        Where the repositories are those of another connection than the one that writes,
        ``unwritten`` is what that has not committed; raises ``MustWrite`` there where
        something of the block would have to be written.
        """
        if block.distinct.is_empty():
            return None
        known = await self.horizon.find_known(logs, unwritten, block.distinct)
        new = known.without(block.distinct)
        if new.is_empty():
            return None
        numbers = await self.numbering.look_up(logs, unwritten, block, new)
        events = numbers.number(new, block.paths).with_columns(
            import_id=pl.lit(self.import_id),
        )
        old = await find_events_around(logs, known)
        # In a crowd packs would be unpacked soon.
        pack_size = self.pack_size if known.is_complete else None
        return ReadyBlock(
            known,
            events,
            numbers.new_visitors,
            self._begin(encode_visitors, numbers.new_visitors),
            self._begin(encode_events, events, pack_size),
            self._begin(_follow, events, block.paths, old, known.is_complete),
        )

    def _begin(self, task: Callable[..., Prepared], *inputs: Any) -> Future[Prepared]:
        return get_running_loop().run_in_executor(self.thread, task, *inputs)


def _follow(
    events: pl.DataFrame,
    paths: pl.DataFrame,
    old: pl.DataFrame,
    is_complete: bool,
) -> _Consequences:
    lines = find_cart_lines(events, paths, old, is_complete)
    return _Consequences(summarize(events), lines)
