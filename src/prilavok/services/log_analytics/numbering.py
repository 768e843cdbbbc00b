"""Giving the addresses and pages of a block their numbers."""

from dataclasses import dataclass
from typing import final

import polars as pl

from prilavok.clients.countries.provider import CountryProvider
from prilavok.repositories.log_imports.store import LogRepositories
from prilavok.services.log_analytics.country_lookup import locate_new
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

        Added are visitor_id, country, was_known (the visitor), page_id, category_id.
        """
        visitors = await self._number_visitors(logs, _used(block.addresses, events))
        pages = await _number_pages(logs, block.pages)
        return events.join(visitors, on="address", maintain_order="left").join(
            pages,
            on="page",
            maintain_order="left",
        )

    async def _number_visitors(
        self,
        logs: LogRepositories,
        asked: pl.DataFrame,
    ) -> pl.DataFrame:
        words = asked["word"].unique(maintain_order=True)
        known = await logs.visitors.find(words.to_list())
        unknown = words.filter(~words.is_in(known["address"].implode())).to_list()
        countries = await locate_new(logs, self.countries, unknown)
        added = await logs.visitors.add(unknown, *countries)
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
    asked = pages.with_row_index("page").select("page", "path")
    return asked.join(known, on="path").drop("path")


def _used(addresses: pl.Series, events: pl.DataFrame) -> pl.DataFrame:
    """Return the addresses of these events, with the numbers they have in the block."""
    rows = events["address"].unique(maintain_order=True)
    return pl.DataFrame({"address": rows, "word": addresses.gather(rows)})
