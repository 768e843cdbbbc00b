"""Goods and carts, counted again where an import touches them."""

from collections.abc import Collection
from typing import final

import polars as pl

from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.cart_sql import (
    ADD_VOTES,
    CARTS_OF_GOODS,
    CARTS_OF_PAYERS,
    CHOOSE_GOODS,
    COUNT_CARTS,
    DROP_GOODS,
    DROP_VOTES,
    FORGET_CARTS,
)
from prilavok.repositories.log_imports.column_text import column_text


@final
class CartRepository:
    """Goods as votes say, and carts as their lines say."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def add_votes(self, votes: pl.DataFrame) -> set[int]:
        """Count votes won and lost; return the carts whose categories may change."""
        if votes.is_empty():
            return set()
        columns = [
            column_text(votes[name]) for name in ("goods_id", "page_id", "votes")
        ]
        await self._driver.execute(ADD_VOTES, *columns)
        changed = await self._drop(votes.filter(pl.col("votes") < 0)["goods_id"])
        changed |= await self._fetch(CHOOSE_GOODS, votes["goods_id"].unique())
        return await self._fetch(CARTS_OF_GOODS, changed)

    async def find_paid_elsewhere(self, visitor_ids: Collection[int]) -> set[int]:
        """Return paid carts without pay line of visitors who paid for others."""
        return await self._fetch(CARTS_OF_PAYERS, visitor_ids)

    async def recount(self, cart_ids: set[int]) -> None:
        """Count these carts again from their lines."""
        await self.forget(cart_ids)
        await self.count(cart_ids)

    async def forget(self, cart_ids: set[int]) -> set[int]:
        """Delete what was counted of these carts; return those that were known."""
        return await self._fetch(FORGET_CARTS, cart_ids)

    async def count(self, cart_ids: set[int]) -> None:
        """Count these carts, of which nothing is counted yet."""
        if cart_ids:
            await self._driver.execute(COUNT_CARTS, column_text(cart_ids))

    async def _drop(self, goods_ids: pl.Series) -> set[int]:
        """Drop pages without votes; return the goods that have none left."""
        if goods_ids.is_empty():
            return set()
        await self._driver.execute(DROP_VOTES, column_text(goods_ids))
        return await self._fetch(DROP_GOODS, goods_ids)

    async def _fetch(self, query: str, ids: Collection[int] | pl.Series) -> set[int]:
        if not len(ids):
            return set()
        records = await self._driver.fetch(query, column_text(ids))
        return {record[0] for record in records}
