"""Carts that nobody has seen before, counted by the importer itself."""

from collections.abc import Iterable, Sequence
from typing import Final, final

import polars as pl

from prilavok.repositories.binary_copy import (
    BIGINT,
    BOOLEAN,
    INTEGER,
    TIMESTAMP,
    CopyFormat,
)
from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.cart_sql import ADD_SETS, CATEGORIES, FIND_SETS
from prilavok.repositories.log_imports.column_text import column_text
from prilavok.repositories.log_imports.frames import to_frame

CART: Final = CopyFormat(
    cart_id=BIGINT,
    created_at=TIMESTAMP,
    paid_at=TIMESTAMP,
    user_id=BIGINT,
    visitor_id=INTEGER,
    lines=INTEGER,
    category_set_id=INTEGER,
    has_pay=BOOLEAN,
)
GOODS: Final = pl.Schema({"goods_id": pl.Int64, "category_id": pl.Int64})
SETS: Final = pl.Schema({"set": pl.String, "category_set_id": pl.Int64})


@final
class NewCartRepository:
    """What counted carts need, and the carts themselves."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find_categories(self, goods_ids: Iterable[int]) -> pl.DataFrame:
        """Return goods_id and category_id; goods without votes have no row."""
        records = await self._driver.fetch(CATEGORIES, column_text(goods_ids))
        return to_frame(records, GOODS)

    async def number_sets(self, sets: Sequence[str]) -> pl.DataFrame:
        """Return set and category_set_id of different sets like ``{1,2}``."""
        found = dict(await self._driver.fetch(FIND_SETS, sets))
        unknown = [word for word, number in found.items() if number is None]
        if unknown:
            found |= dict(await self._driver.fetch(ADD_SETS, unknown))
        return to_frame(found.items(), SETS)

    async def add(self, carts: pl.DataFrame) -> None:
        """Store carts: rows as the table has them, times in microseconds."""
        await CART.encode("carts", carts).write(self._driver)
