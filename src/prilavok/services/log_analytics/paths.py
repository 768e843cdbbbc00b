"""What the paths of requests ask for."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, final

import polars as pl

from prilavok.domain.shop_logs import Kind

# In each of these every character tells how to go on; in one for both some would not,
# and finding takes twice as long. Ids have at most 18 digits, so they fit bigint. Of
# the numbers only an amount needs to be looked at again: it may be 0.
PAGE_FORM: Final = "^(?<category>[a-z_]+)/(?:(?<goods>[a-z_]+)/)?$"
CART_FORM: Final = (
    "^(?:"
    r"cart\?goods_id=(?<goods_id>[0-9]{1,18})"
    "&amount=(?<amount>[0-9]{1,9})&cart_id=(?<held>[0-9]{1,18})"
    r"|pay\?user_id=(?<user_id>[0-9]{1,18})&cart_id=(?<ordered>[0-9]{1,18})"
    "|success_pay_(?<paid>[0-9]{1,18})/"
    ")$"
)
IDS: Final = ("goods_id", "amount", "held", "user_id", "ordered", "paid")
HAS_AMOUNT: Final = pl.col("amount") > 0
# The first that holds.
SIGNS: Final = MappingProxyType(
    {
        Kind.INDEX: pl.col("path") == "",
        Kind.GOODS: pl.col("goods").is_not_null(),
        Kind.CATEGORY: pl.col("category").is_not_null(),
        Kind.CART: HAS_AMOUNT,
        Kind.PAY: pl.col("user_id").is_not_null(),
        Kind.SUCCESS: pl.col("paid").is_not_null(),
    },
)
KIND: Final = pl.coalesce(
    *(pl.when(sign).then(pl.lit(int(kind))) for kind, sign in SIGNS.items()),
    pl.lit(int(Kind.OTHER)),
).cast(pl.Int16)
NAMES: Final = pl.Series([kind.name.lower() for kind in Kind])


@final
@dataclass(frozen=True, slots=True)
class Paths:
    """Unique paths, and the fewer pages they ask for.

    ``carried`` has a row a path: kind, page (a row of ``pages``), cart_id, user_id,
    goods_id, amount. ``pages`` has the columns path, kind, category and goods; the path
    of a page without category is the name of its kind.
    """

    carried: pl.DataFrame
    pages: pl.DataFrame


def read_paths(paths: pl.Series) -> Paths:
    """Tell kind, page and ids of each path; paths are without their first slash."""
    found = _read_forms(paths)
    pages = found.select(
        path=pl.when(pl.col("category").is_null())
        .then(pl.lit(NAMES).gather(pl.col("kind") - 1))
        .otherwise("path"),
        kind="kind",
        category="category",
        goods="goods",
    )
    unique = pages.unique("path", maintain_order=True)
    numbered = unique.with_row_index("page").select("path", "page")
    page = pages.join(numbered, on="path", how="left", maintain_order="left")["page"]
    return Paths(
        found.select("kind", page, "cart_id", "user_id", "goods_id", "amount"),
        unique,
    )


def _read_forms(paths: pl.Series) -> pl.DataFrame:
    path = pl.col("path").str
    found = (
        paths.alias("path")
        .to_frame()
        .with_columns(
            page=path.extract_groups(PAGE_FORM),
            cart=path.extract_groups(CART_FORM),
        )
    )
    read = found.unnest("page", "cart").with_columns(pl.col(IDS).cast(pl.Int64))
    return read.with_columns(KIND.alias("kind")).with_columns(
        cart_id=pl.coalesce(
            pl.when(HAS_AMOUNT).then("held"),
            "ordered",
            "paid",
        ),
        goods_id=pl.when(HAS_AMOUNT).then("goods_id"),
        amount=pl.when(HAS_AMOUNT).then("amount"),
    )
