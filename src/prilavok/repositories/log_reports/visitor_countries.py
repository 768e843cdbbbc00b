"""What the two reports by country share."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeVar, final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.log_reports.ranges import in_days
from prilavok.repositories.packed_numbers import unpack
from prilavok.repositories.tables.log_summaries import (
    CHUNK_VISITORS,
    VISITOR_COUNTRIES,
)

CHUNKS: Final = HotRead(
    select(VISITOR_COUNTRIES.c.chunk, VISITOR_COUNTRIES.c.countries).order_by(
        VISITOR_COUNTRIES.c.chunk,
    ),
)
COUNTRY: Final = ">i2"


class CountryCounts(Protocol):
    """A row of either report."""

    @property
    def country(self) -> str | None:
        """ISO 3166 alpha-2; None where it is unknown."""


CountryCountsT = TypeVar("CountryCountsT", bound=CountryCounts)


class CountryTotal(NamedTuple):
    """Events and distinct visitors of a country, given by its number."""

    country: int
    events: int
    visitors: int


@final
class CountryTally:
    """Counts packed visitors by country: memory grows with visitors, not with days."""

    def __init__(self, chunks: Sequence[Any]) -> None:
        """Take the chunks of countries, in their order."""
        places = np.array([row["chunk"] for row in chunks], np.int64)
        self._slots: NDArray[np.int64] = np.zeros(places.max(initial=0) + 1, np.int64)
        self._slots[places] = np.arange(len(chunks))
        packed = b"".join(row["countries"] for row in chunks)
        self._countries = np.frombuffer(packed, COUNTRY).astype(np.int64)
        self._has_come = np.zeros(len(self._countries), np.bool_)
        self._events = np.zeros(len(self._countries), np.int64)

    def count(self, rows: Sequence[Any]) -> None:
        """Add rows of packed visitors and events."""
        visitor_ids = unpack([row["visitor_ids"] for row in rows])
        chunk, place = np.divmod(visitor_ids, CHUNK_VISITORS)
        places = self._slots[chunk] * CHUNK_VISITORS + place
        self._has_come[places] = True
        np.add.at(self._events, places, unpack([row["events"] for row in rows]))

    def totals(self) -> Sequence[CountryTotal]:
        """Return every country that has events."""
        come = self._countries[self._has_come]
        visitors = np.bincount(come)
        events = np.zeros_like(visitors)
        np.add.at(events, come, self._events[self._has_come])
        return [
            CountryTotal(country, int(events[country]), int(visitors[country]))
            for country in np.flatnonzero(visitors).tolist()
        ]


@final
class ByCountry:
    """Counts events and distinct visitors by country, from a summary by visitor."""

    def __init__(self, summary: Table, *conditions: ColumnElement[bool]) -> None:
        """Read the days that are bound as ``bind_days`` does."""
        self._days = HotRead(
            select(summary.c.visitor_ids, summary.c.events).where(
                in_days(summary.c.day),
                *conditions,
            ),
        )

    async def fetch(
        self,
        session: AsyncSession,
        **binds: object,
    ) -> Sequence[CountryTotal]:
        """Count them in the session's snapshot."""
        tally = CountryTally(await CHUNKS.fetch(session))
        async for rows in self._days.batches(session, **binds):
            tally.count(rows)
        return tally.totals()


def rank(events: int, country: str | None) -> tuple[int, bool, str]:
    """Sort the largest first, then by name, and the unknown after its equals."""
    return -events, country is None, country or ""


def winner(rows: Sequence[CountryCountsT]) -> CountryCountsT | None:
    """Return the first row that has a country."""
    known = (row for row in rows if row.country is not None)
    return next(known, None)
