"""Writing a parsed block, with all that follows from it."""

from asyncio import gather, to_thread
from dataclasses import dataclass
from typing import final

import polars as pl

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
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.summaries import Summaries, summarize


@final
@dataclass(frozen=True, slots=True)
class BlockWriter:
    """Writes the blocks of one import, each in a transaction of its caller."""

    numbering: Numbering
    horizon: Horizon
    import_id: int

    async def write(self, logs: LogRepositories, block: ParsedBlock) -> int:
        """Store the events that are not known yet, and return how many that are."""
        if block.events.is_empty():
            return 0
        known = await self.horizon.find_known(logs, block.distinct)
        new = known.without(block.distinct)
        if len(new):
            numbered = await self.numbering.number(logs, block, new)
            events = numbered.with_columns(import_id=pl.lit(self.import_id))
            await _add(logs, events, known)
        return len(new)


@final
@dataclass(frozen=True, slots=True)
class _Consequences:
    """What follows from events that are new."""

    summaries: Summaries
    carts: CartLines


async def _add(logs: LogRepositories, events: pl.DataFrame, known: KnownEvents) -> None:
    await doubt_later_votes(logs, events, known)
    old = await find_events_around(logs, known)
    # While the database takes the events in, another thread finds what follows.
    _, found = await gather(
        logs.events.add(events),
        to_thread(_follow, events, old, known.is_complete),
    )
    await logs.summaries.add_visitor_days(found.summaries.visitor_days)
    await logs.summaries.add_category_visitor_days(
        found.summaries.category_visitor_days,
    )
    await logs.summaries.add_day_hours(found.summaries.day_hours)
    await add_cart_lines(logs, found.carts)


def _follow(
    events: pl.DataFrame,
    old: pl.DataFrame,
    is_complete: bool,
) -> _Consequences:
    return _Consequences(summarize(events), find_cart_lines(events, old, is_complete))
