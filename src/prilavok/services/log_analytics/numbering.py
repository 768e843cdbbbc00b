"""Giving the addresses and pages of a block their numbers."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.clients.countries.provider import CountryProvider
from prilavok.repositories.log_imports.store import LogRepositories
from prilavok.services.log_analytics.blocks import Numbers
from prilavok.services.log_analytics.country_lookup import (
    load_countries,
    locate_new,
)
from prilavok.services.log_analytics.parsed import ParsedBlock


@final
@dataclass(frozen=True, slots=True)
class _Visitors:
    """A number for every address of a block, and whether it had it before."""

    ids: Numbers
    were_known: NDArray[np.bool_]


@final
@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers what is new; a country is looked up when its address first comes."""

    countries: CountryProvider

    async def prepare(self) -> None:
        """Load what takes memory before blocks do: both at once would be the peak."""
        await load_countries(self.countries)

    async def number(
        self,
        logs: LogRepositories,
        block: ParsedBlock,
        events: pl.DataFrame,
    ) -> pl.DataFrame:
        """Return new events of the block with the numbers of what they name.

        Added are visitor_id, was_known (the visitor), page_id, category_id.
        """
        addresses, pages = (events[name].to_numpy() for name in ("address", "page"))
        visitors = await self._number_visitors(logs, block.addresses, addresses)
        page_numbers = await _number_pages(logs, block.pages)
        return events.with_columns(
            visitor_id=visitors.ids[addresses],
            was_known=visitors.were_known[addresses],
            page_id=page_numbers[0][pages],
            category_id=page_numbers[1][pages],
        )

    async def _number_visitors(
        self,
        logs: LogRepositories,
        addresses: pl.Series,
        rows: Numbers,
    ) -> _Visitors:
        """Number the addresses in these rows; the others are nobody's."""
        used = _used(rows, len(addresses))
        words = addresses.gather(used).to_list()
        known = await logs.visitors.find(dict.fromkeys(words))
        visitors = known | await self._add_visitors(logs, words, known)
        numbered = _Visitors(
            np.zeros(len(addresses), np.int64),
            np.zeros(len(addresses), np.bool_),
        )
        numbered.ids[used] = [visitors[word] for word in words]
        numbered.were_known[used] = [word in known for word in words]
        return numbered

    async def _add_visitors(
        self,
        logs: LogRepositories,
        words: Iterable[str],
        known: Container[str],
    ) -> dict[str, int]:
        unknown = [word for word in dict.fromkeys(words) if word not in known]
        if not unknown:
            return {}
        countries = await locate_new(logs, self.countries, unknown)
        return await logs.visitors.add(unknown, *countries)


async def _number_pages(
    logs: LogRepositories,
    pages: pl.DataFrame,
) -> Numbers:
    """Return a row of page ids and one of category ids, for the pages in order."""
    paths = pages["path"].to_list()
    known = await logs.pages.find(paths)
    if len(known) < len(paths):
        is_unknown = [path not in known for path in paths]
        await logs.pages.add(pages.filter(is_unknown))
        known = await logs.pages.find(paths)
    return np.array([known[path] for path in paths], np.int64).T


def _used(rows: Numbers, size: int) -> Numbers:
    """Return which of so many rows are named, each once."""
    is_used = np.zeros(size, np.bool_)
    is_used[rows] = True
    return np.flatnonzero(is_used)
