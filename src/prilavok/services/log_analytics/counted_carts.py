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
    elsewhere: the database counts them. ``goods_ids`` has each of the goods once.
    """

    carts: pl.DataFrame
    goods: pl.DataFrame
    goods_ids: pl.Series

    def name_sets(self, categories: pl.DataFrame) -> pl.DataFrame:
        """Return the carts with sets of categories, as PostgreSQL writes arrays.

        ``categories`` are rows of goods_id and category_id; pure.
        """
        of_carts = self.goods.join(categories, on="goods_id")
        different = of_carts.select(CART, "category_id").unique()
        listed = different.sort(CART, "category_id").group_by(CART).agg("category_id")
        # Joined as lists: text by text within groups takes ten times as long.
        members = pl.col("category_id").cast(pl.List(pl.String)).list.join(",")
        named = listed.select(CART, pl.format("{{{}}}", members).alias(SET))
        carts = self.carts.join(named, on=CART, how="left")
        return carts.with_columns(pl.col(SET).fill_null(NO_CATEGORIES))


def count_carts(lines: pl.DataFrame) -> CountedCarts:
    """Count the carts of cart, pay and success lines, and of no others; pure."""
    ordered = lines.sort("at", "key")
    counted = ordered.group_by(CART).agg(COUNTED)
    is_certain = (pl.col("lines") > 0) & (~IS_PAID | IS_PAY)
    carts = counted.filter(is_certain).with_columns(has_pay=IS_PAY)
    goods = lines.filter(IS_GOODS).select(CART, "goods_id").unique()
    of_carts = goods.join(carts, on=CART, how="semi")
    return CountedCarts(carts, of_carts, of_carts["goods_id"].unique())


async def add_carts(
    logs: LogRepositories,
    carts: pl.DataFrame,
    known: Set[int],
) -> Set[int]:
    """Store carts that have their sets named, but not the known ones.

    These have other lines besides. Returns the ids of the others.
    """
    new = _without(carts, known)
    if new.is_empty():
        return set()
    numbers = await logs.rows.new_carts.number_sets(new[SET].unique().to_list())
    await logs.rows.new_carts.add(new.join(numbers, on=SET, how="left"))
    return set(new[CART].to_list())


def _without(carts: pl.DataFrame, known: Set[int]) -> pl.DataFrame:
    if not known:
        return carts
    ids = pl.Series(CART, list(known), pl.Int64).implode()
    return carts.filter(~pl.col(CART).is_in(ids))
