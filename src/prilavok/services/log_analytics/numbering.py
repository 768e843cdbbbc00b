"""Giving the addresses and pages of a block their numbers."""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.clients.countries.provider import CountryProvider
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.repositories.log_imports.visitors import NEW_VISITOR, NO_VISITOR
from prilavok.services.log_analytics.blocks import Numbers
from prilavok.services.log_analytics.country_lookup import (
    load_countries,
    locate_new,
)
from prilavok.services.log_analytics.parsed import ParsedBlock


@final
@dataclass(frozen=True, slots=True)
class BlockNumbers:
    """The numbers of a block's addresses and pages, in the block's order of them.

    ``new_visitors``, rows of ``NEW_VISITOR``, are to be stored.
    """

    visitor_ids: Numbers
    were_known: Numbers
    new_visitors: pl.DataFrame
    page_ids: Numbers
    category_ids: Numbers

    def number(self, events: pl.DataFrame, paths: pl.DataFrame) -> pl.DataFrame:
        """Put numbers in the place of what events name.

        They have visitor_id, was_known (the visitor), page_id, category_id and kind
        then; path stays, as a row of ``paths``.
        """
        addresses, rows = (events[name].to_numpy() for name in ("address", "path"))
        pages, kinds = (paths[name].to_numpy() for name in ("page", "kind"))
        return events.drop("address").with_columns(
            visitor_id=self.visitor_ids[addresses],
            was_known=self.were_known[addresses] > 0,
            page_id=self.page_ids[pages][rows],
            category_id=self.category_ids[pages][rows],
            kind=kinds[rows],
        )


@final
@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers what is new; a country is looked up when its address first comes."""

    countries: CountryProvider

    async def prepare(self) -> None:
        """Load what takes memory before blocks do: both at once would be the peak."""
        await load_countries(self.countries)

    async def look_up(
        self,
        logs: LogRepositories,
        block: ParsedBlock,
        events: pl.DataFrame,
    ) -> BlockNumbers:
        """Return the numbers of what the events name, new ones of the block.

        New pages are stored.
        """
        used = _used(events["address"].to_numpy(), len(block.addresses))
        words = block.addresses.gather(used)
        ids = await logs.visitors.find(words)
        is_known = ids != NO_VISITOR
        unknown = words.filter(pl.Series(~is_known))
        new = await self._begin_visitors(logs, unknown)
        ids[~is_known] = unknown.replace_strict(new["address"], new["visitor_id"])
        size = len(block.addresses)
        return BlockNumbers(
            _spread(size, used, ids),
            _spread(size, used, is_known),
            new,
            *await _number_pages(logs, block.pages),
        )

    async def _begin_visitors(
        self,
        logs: LogRepositories,
        unknown: pl.Series,
    ) -> pl.DataFrame:
        """Give numbers and countries to those who are not known, once to each."""
        if unknown.is_empty():
            return NEW_VISITOR.to_frame()
        different = unknown.unique(maintain_order=True).to_list()
        countries = await locate_new(logs, self.countries, different)
        numbers = await logs.visitors.take_numbers(len(different))
        columns = (different, numbers, countries.countries, countries.sources)
        return pl.DataFrame(dict(zip(NEW_VISITOR, columns, strict=True)), NEW_VISITOR)


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


def _spread(size: int, rows: Numbers, numbers: NDArray[Any]) -> Numbers:
    """Return so many numbers: these in these rows, and otherwise zeros."""
    spread = np.zeros(size, np.int64)
    spread[rows] = numbers
    return spread
