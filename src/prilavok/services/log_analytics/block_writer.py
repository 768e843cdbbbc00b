"""Writing a parsed block, with all that follows from it."""

from asyncio import gather, to_thread
from dataclasses import dataclass
from typing import final

import polars as pl

from prilavok.repositories.log_imports.store import LogRepositories
from prilavok.services.log_analytics.cart_writer import add_cart_events
from prilavok.services.log_analytics.known import IDENTITY, Horizon
from prilavok.services.log_analytics.numbering import Numbering
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.summaries import summarize


@final
@dataclass(frozen=True, slots=True)
class BlockWriter:
    """Writes the blocks of one import, each in a transaction of its caller."""

    numbering: Numbering
    horizon: Horizon
    import_id: int

    async def write(self, logs: LogRepositories, block: ParsedBlock) -> int:
        """Store the events that are not known yet, and return how many that are.

        Of events with the same time and key the first stays.
        """
        fresh = block.events.unique(IDENTITY, keep="first", maintain_order=True)
        if fresh.is_empty():
            return 0
        known = await self.horizon.find_known(logs, fresh)
        new = known.without(fresh)
        if len(new):
            numbered = await self.numbering.number(logs, block, new)
            events = numbered.with_columns(import_id=pl.lit(self.import_id))
            await _add(logs, events)
            await add_cart_events(logs, events, known)
        return len(new)


async def _add(logs: LogRepositories, events: pl.DataFrame) -> None:
    # While the database takes the events in, another thread counts them.
    adding = logs.events.add(events)
    _, counted = await gather(adding, to_thread(summarize, events))
    await logs.summaries.add_visitor_days(counted.visitor_days)
    await logs.summaries.add_category_visitor_days(counted.category_visitor_days)
    await logs.summaries.add_day_hours(counted.day_hours)
