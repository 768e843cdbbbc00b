"""Giving the addresses and pages of a block their numbers."""

from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.clients.countries.provider import CountryProvider
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.repositories.log_imports.pages import NO_PAGE, PageNumbers
from prilavok.repositories.log_imports.visitors import NEW_VISITOR, NO_VISITOR
from prilavok.services.log_analytics.blocks import Numbers
from prilavok.services.log_analytics.country_lookup import (
    load_countries,
    locate_new,
)
from prilavok.services.log_analytics.must_write import require_lock
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.unwritten import Unwritten

# On their way to the database paths take ten times as much memory as in a block, of
# which each may be another one.
PAGES_AT_ONCE: Final = 20_000


@final
@dataclass(frozen=True, slots=True)
class BlockNumbers:
    """The numbers of a block's addresses and pages, in the block's order of them.

    ``new_visitors``, rows of ``NEW_VISITOR``, are to be stored.
    """

    visitor_ids: Numbers
    were_known: Numbers
    new_visitors: pl.DataFrame
    pages: PageNumbers

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
            page_id=self.pages.page_ids[pages][rows],
            category_id=self.pages.category_ids[pages][rows],
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
        unwritten: Unwritten | None,
        block: ParsedBlock,
        events: pl.DataFrame,
    ) -> BlockNumbers:
        """Return the numbers of what the events name, new ones of the block.

        New pages are stored; raises ``MustWrite`` where that is not possible.
        """
        pages = await _number_pages(logs, block.pages)
        used = _used(events["address"].to_numpy(), len(block.addresses))
        words = block.addresses.gather(used)
        ids = await _find_visitors(logs, unwritten, words)
        is_known = ids != NO_VISITOR
        unknown = words.filter(pl.Series(~is_known))
        new = await self._begin_visitors(logs, unknown)
        ids[~is_known] = unknown.replace_strict(new["address"], new["visitor_id"])
        return BlockNumbers(
            _spread(len(block.addresses), used, ids),
            _spread(len(block.addresses), used, is_known),
            new,
            pages,
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
        numbers = await logs.rows.visitors.take_numbers(len(different))
        columns = (different, numbers, countries.countries, countries.sources)
        return pl.DataFrame(dict(zip(NEW_VISITOR, columns, strict=True)), NEW_VISITOR)


async def _number_pages(logs: LogRepositories, pages: pl.DataFrame) -> PageNumbers:
    parts = [
        await _number_some(logs, part) for part in pages.iter_slices(PAGES_AT_ONCE)
    ]
    return PageNumbers(*map(np.concatenate, zip(*parts, strict=True)))


async def _number_some(logs: LogRepositories, pages: pl.DataFrame) -> PageNumbers:
    paths = pages["path"].to_list()
    found = await logs.rows.pages.find(paths)
    is_unknown = found.page_ids == NO_PAGE
    if not is_unknown.any():
        return found
    require_lock(logs)
    await logs.rows.pages.add(pages.filter(is_unknown))
    return await logs.rows.pages.find(paths)


async def _find_visitors(
    logs: LogRepositories,
    unwritten: Unwritten | None,
    words: pl.Series,
) -> Numbers:
    """Return the numbers of these addresses, ``NO_VISITOR`` of unknown ones."""
    ids = await logs.rows.visitors.find(words)
    if unwritten is not None:
        unseen = np.flatnonzero(ids == NO_VISITOR)
        ids[unseen] = words.gather(unseen).replace_strict(
            unwritten.visitors["address"],
            unwritten.visitors["visitor_id"],
            default=NO_VISITOR,
            return_dtype=pl.Int64,
        )
    return ids


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
