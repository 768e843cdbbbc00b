"""Which event of the same address came just before each cart line; pure.

Events are frames with at, key, visitor_id, import_id, page_id and kind.
"""

from dataclasses import dataclass
from typing import Final, final

import polars as pl

from prilavok.domain.shop_logs import Kind

EVENT: Final = ("at", "key", "visitor_id", "import_id", "page_id", "kind")
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
    # By visitor last: times mostly come in order, and one column is sorted faster.
    ordered = chain.sort("at", "key").sort("visitor_id", maintain_order=True)
    linked = ordered.select(
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
    visitors = new["visitor_id"]
    with_known_cart = visitors.filter(visitors.is_in(_cart_holders(old).implode()))
    related = pl.concat((_cart_holders(new), with_known_cart)).implode()
    return pl.concat(
        (
            _events_of(related, new).with_columns(is_new=pl.lit(value=True)),
            _events_of(related, old).with_columns(is_new=pl.lit(value=False)),
        ),
        how="vertical_relaxed",
    )


def _cart_holders(events: pl.DataFrame) -> pl.Series:
    return events.filter(pl.col("kind") == Kind.CART)["visitor_id"]


def _events_of(visitors: pl.Series, events: pl.DataFrame) -> pl.DataFrame:
    return events.select(EVENT).filter(pl.col("visitor_id").is_in(visitors))
