"""Giving the addresses and pages of a block their numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np
import polars as pl

from prilavok.clients.countries.provider import CountryProvider
from prilavok.domain.countries import country_number
from prilavok.repositories.log_imports.store import LogRepositories
from prilavok.services.log_analytics.parsed import ParsedBlock


@final
@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers what is new; a country is looked up when its address first comes."""

    countries: CountryProvider

    async def number(
        self,
        logs: LogRepositories,
        block: ParsedBlock,
        events: pl.DataFrame,
    ) -> pl.DataFrame:
        """Return new events of the block with the numbers of what they name.

        Added are visitor_id, was_known (the visitor), page_id, category_id.
        """
        visitors = await self._number_visitors(logs, _used(block.addresses, events))
        pages = await _number_pages(logs, block.pages)
        return events.with_columns(
            *_gather(visitors, events["address"], len(block.addresses)),
            *_gather(pages, events["page"], len(block.pages)),
        )

    async def _number_visitors(
        self,
        logs: LogRepositories,
        asked: pl.DataFrame,
    ) -> pl.DataFrame:
        words = asked["word"].unique(maintain_order=True)
        known = await logs.visitors.find(words.to_list())
        unknown = words.filter(~words.is_in(known["address"].implode())).to_list()
        countries = map(country_number, self.countries.locate(unknown))
        added = await logs.visitors.add(unknown, list(countries))
        found = pl.concat(
            (
                known.with_columns(was_known=pl.lit(value=True)),
                added.with_columns(was_known=pl.lit(value=False)),
            ),
        )
        return asked.join(found, left_on="word", right_on="address").drop("word")


async def _number_pages(logs: LogRepositories, pages: pl.DataFrame) -> pl.DataFrame:
    known = await logs.pages.find(pages["path"].to_list())
    unknown = pages.join(known, on="path", how="anti", maintain_order="left")
    if len(unknown):
        await logs.pages.add(unknown)
        known = await logs.pages.find(pages["path"].to_list())
    asked = pages.with_row_index("row").select("row", "path")
    return asked.join(known, on="path").drop("path")


def _used(addresses: pl.Series, events: pl.DataFrame) -> pl.DataFrame:
    """Return the addresses of these events, with the numbers they have in the block."""
    is_used = np.zeros(len(addresses), np.bool_)
    is_used[events["address"].to_numpy()] = True
    rows = np.flatnonzero(is_used)
    return pl.DataFrame({"row": rows, "word": addresses.gather(rows)})


def _gather(found: pl.DataFrame, rows: pl.Series, size: int) -> Iterator[pl.Series]:
    """Yield the columns that were found for some rows of ``size``, one for each event.

    A join would do, at ten times the cost.
    """
    places = found["row"].to_numpy()
    for column in found.drop("row"):
        by_row = np.zeros(size, np.int64)
        by_row[places] = column.to_numpy()
        yield pl.Series(column.name, by_row[rows.to_numpy()]).cast(column.dtype)
