"""What is known already at the time of a block."""

from dataclasses import dataclass, replace
from typing import Any, final

import polars as pl
from typing_extensions import Self

from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.services.log_analytics.must_write import require_lock
from prilavok.services.log_analytics.parsed import IDENTITY
from prilavok.services.log_analytics.unwritten import Unwritten


@final
@dataclass(frozen=True, slots=True)
class KnownEvents:
    """Known events with at, key, visitor_id, import_id and page_id.

    All ``around`` the block's time, from a little before its first event to its last;
    or, when that is not ``is_complete``, only those that the block repeats.
    ``has_later``: whether there are known ones after the block.
    """

    around: pl.DataFrame
    is_complete: bool
    has_later: bool

    def with_more(self, unwritten: Unwritten | None, first: int, last: int) -> Self:
        """Return these and what is unwritten, from the first time to the last."""
        if unwritten is None:
            return self
        at = pl.col("at")
        more = unwritten.events.filter(at.is_between(first, last))
        around = more.select(pl.col(self.around.columns).cast(pl.Int64))
        has_later = self.has_later or bool((unwritten.events["at"] > last).any())
        return replace(
            self,
            around=pl.concat((self.around, around)),
            has_later=has_later,
        )

    def without(self, events: pl.DataFrame) -> pl.DataFrame:
        """Return the events that are not known, in their order."""
        if self.around.is_empty():
            return events
        times: Any = self.around["at"]
        # Of a log in order only the first events come at the time of known ones.
        near = events.filter(pl.col("at").is_between(times.min(), times.max()))
        repeated = near.join(self.around, on=IDENTITY, how="semi")
        if repeated.is_empty():
            return events
        return events.join(repeated, on=IDENTITY, how="anti", maintain_order="left")


@final
@dataclass(frozen=True, slots=True)
class Horizon:
    """How far to look around a block; what lies beyond is looked up at the end.

    ``look_back``: microseconds before its first event; most cart lines come within ten
    minutes after what they vote for. ``crowd``: so many known events, besides two for
    each of the block's own, are too many to look at.
    """

    look_back: int = 600_000_000
    crowd: int = 100_000

    async def find_known(
        self,
        logs: LogRepositories,
        unwritten: Unwritten | None,
        events: pl.DataFrame,
    ) -> KnownEvents:
        """Look up what is known at the time of these events.

        What is unwritten is known. Raises ``MustWrite`` where there is a crowd of which
        some may have to be unpacked, and the repositories hold no lock.
        """
        first, last = self._reach(events["at"])
        most = self.crowd + 2 * len(events)
        found = await logs.rows.events.count_around(first, last, most + 1)
        if found.loose + found.packed > most:
            require_lock(logs)
            same = await logs.rows.events.find_same(events)
            return KnownEvents(same, is_complete=False, has_later=found.has_later)
        around = await logs.rows.events.find_window(first, last, found)
        known = KnownEvents(around, is_complete=True, has_later=found.has_later)
        return known.with_more(unwritten, first, last)

    def _reach(self, times: Any) -> tuple[int, int]:
        return times.min() - self.look_back, times.max()
