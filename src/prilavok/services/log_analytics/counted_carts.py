"""Counting the carts of a block here, which spares the database most of the work."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final, final

import polars as pl

from prilavok.repositories.log_imports.log_repositories import LogRepositories

CART: Final = "cart_id"
IS_GOODS: Final = pl.col("goods_id").is_not_null()
IS_PAY: Final = pl.col("user_id").is_not_null()
AT: Final = pl.col("at")
# The first of each, for lines in the order of their time and key.
COUNTED: Final = (
    IS_GOODS.sum().alias("lines"),
    AT.filter(IS_GOODS).first().alias("created_at"),
    AT.filter(~IS_GOODS & ~IS_PAY).first().alias("paid_at"),
    pl.col("user_id").drop_nulls().first(),
    pl.col("visitor_id").filter(IS_GOODS).first(),
)
IS_PAID: Final = pl.col("paid_at").is_not_null()
SET: Final = "set"
NO_CATEGORIES: Final = "{}"


@final
@dataclass(frozen=True, slots=True)
class CountedCarts:
    """Carts as their table has them, but for their categories, and their goods.

    Left out are carts without cart lines, and those that somebody may have paid for
    elsewhere: the database counts them.
    """

    carts: pl.DataFrame
    goods: pl.DataFrame

    def without(self, known: Set[int]) -> "CountedCarts":
        """Leave out those that have other lines besides."""
        if not known:
            return self
        ids = pl.Series(CART, list(known), pl.Int64).implode()
        is_other = ~pl.col(CART).is_in(ids)
        return CountedCarts(self.carts.filter(is_other), self.goods.filter(is_other))


def count_carts(lines: pl.DataFrame) -> CountedCarts:
    """Count the carts of cart, pay and success lines, and of no others; pure."""
    ordered = lines.sort("at", "key")
    counted = ordered.group_by(CART).agg(COUNTED)
    is_certain = (pl.col("lines") > 0) & (~IS_PAID | IS_PAY)
    carts = counted.filter(is_certain).with_columns(has_pay=IS_PAY)
    goods = lines.filter(IS_GOODS).select(CART, "goods_id").unique()
    return CountedCarts(carts, goods.join(carts, on=CART, how="semi"))


async def add_carts(logs: LogRepositories, counted: CountedCarts) -> Set[int]:
    """Store carts that have no lines but those of the block; return their ids."""
    if counted.carts.is_empty():
        return set()
    goods_ids = counted.goods["goods_id"].unique()
    categories = await logs.new_carts.find_categories(goods_ids)
    carts = _with_sets(counted, categories)
    numbers = await logs.new_carts.number_sets(carts[SET].unique().to_list())
    await logs.new_carts.add(carts.join(numbers, on=SET, how="left"))
    return set(carts[CART])


def _with_sets(counted: CountedCarts, categories: pl.DataFrame) -> pl.DataFrame:
    """Add the set of each cart's categories, as PostgreSQL writes arrays."""
    of_carts = counted.goods.join(categories, on="goods_id")
    ordered = of_carts.select(CART, "category_id").unique().sort(CART, "category_id")
    # Joined as lists: text by text within groups takes ten times as long.
    listed = ordered.group_by(CART).agg("category_id")
    members = pl.col("category_id").cast(pl.List(pl.String)).list.join(",")
    named = listed.select(CART, pl.format("{{{}}}", members).alias(SET))
    carts = counted.carts.join(named, on=CART, how="left")
    return carts.with_columns(pl.col(SET).fill_null(NO_CATEGORIES))
