"""Which event of the same address came just before each cart line; pure.

Events are frames with at, key, visitor_id, import_id, page_id and kind.
"""

from dataclasses import dataclass
from typing import Final, final

import polars as pl

from prilavok.domain.shop_logs import Kind

EVENT: Final = ("at", "key", "visitor_id", "import_id", "page_id", "kind")
ORDER: Final = ("visitor_id", "at", "key")
FOLLOWS: Final = pl.col("visitor_id") == pl.col("visitor_id").shift()


@final
@dataclass(frozen=True, slots=True)
class Chains:
    """Cart lines: visitor_id, at, key, previous_import_id, and the vote, page_id.

    ``new`` has all cart lines that are new; without a previous event both are null.
    ``old`` has the known cart lines that now come after a new event.
    """

    new: pl.DataFrame
    old: pl.DataFrame


def link_events(new: pl.DataFrame, old: pl.DataFrame) -> Chains:
    """Put new events among the known ones."""
    chain = _together(new, old)
    is_goods = pl.col("kind").shift() == Kind.GOODS
    linked = chain.sort(ORDER).select(
        "visitor_id",
        "at",
        "key",
        "kind",
        "is_new",
        follows_new=FOLLOWS & pl.col("is_new").shift(),
        previous_import_id=pl.when(FOLLOWS).then(pl.col("import_id").shift()),
        page_id=pl.when(FOLLOWS & is_goods).then(pl.col("page_id").shift()),
    )
    carts = linked.filter(pl.col("kind") == Kind.CART)
    return Chains(
        new=carts.filter("is_new"),
        old=carts.filter(~pl.col("is_new") & pl.col("follows_new")),
    )


def _together(new: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """Return the events of visitors that have new ones, and a cart line."""
    events = pl.concat(
        (
            new.select(EVENT).with_columns(is_new=pl.lit(value=True)),
            old.select(EVENT).with_columns(is_new=pl.lit(value=False)),
        ),
        how="vertical_relaxed",
    )
    with_new = events.filter("is_new")["visitor_id"].unique()
    with_cart = events.filter(pl.col("kind") == Kind.CART)["visitor_id"].unique()
    related = with_cart.filter(with_cart.is_in(with_new.implode()))
    return events.filter(pl.col("visitor_id").is_in(related.implode()))
