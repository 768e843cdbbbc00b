"""Keeping votes and carts exact while events come in any order.

A cart line votes by the event that the same address had just before it. That event may
be in the block, among the known ones, or still to come. Where the known events at the
block's time are all at hand, votes are exact at once; elsewhere they are marked as due,
and looked up when the import ends.
"""

from typing import Any

import polars as pl

from prilavok.domain.shop_logs import Kind
from prilavok.repositories.log_imports.store import LogRepositories
from prilavok.services.log_analytics.chains import link_events
from prilavok.services.log_analytics.known import IDENTITY, KnownEvents


async def add_cart_events(
    logs: LogRepositories,
    events: pl.DataFrame,
    known: KnownEvents,
) -> None:
    """Store the cart lines among new events, and count again what they touch."""
    await _doubt_later_votes(logs, events, known)
    old = known.around if known.is_complete else known.around.clear()
    page_ids = pl.concat((events["page_id"], old["page_id"]))
    chains = link_events(events, old, await logs.pages.find_kinds(page_ids))
    lines = _cart_events(events, chains.new, known.is_complete)
    await logs.cart_events.add(lines)
    changed = await logs.cart_events.change_votes(chains.old)
    touched = await logs.carts.add_votes(pl.concat((_votes(lines), changed)))
    payers = lines.filter(pl.col("user_id").is_not_null())["visitor_id"].unique()
    touched |= await logs.carts.find_paid_elsewhere(payers)
    await logs.carts.count(touched | set(lines["cart_id"].unique()))


async def settle_votes(logs: LogRepositories) -> None:
    """Look up all votes that are due, and count again what they change."""
    touched = await logs.carts.add_votes(await logs.cart_events.settle())
    await logs.carts.count(touched)


async def _doubt_later_votes(
    logs: LogRepositories,
    events: pl.DataFrame,
    known: KnownEvents,
) -> None:
    """Mark known cart lines that may now come after one of these events."""
    visitors = events.filter("was_known")["visitor_id"].unique().to_list()
    times: Any = events["at"]
    if not known.is_complete:
        await logs.cart_events.mark_due(visitors, times.min())
    elif await logs.events.has_later(times.max()):
        await logs.cart_events.mark_next_due(visitors, times.max())


def _cart_events(
    events: pl.DataFrame,
    votes: pl.DataFrame,
    is_complete: bool,
) -> pl.DataFrame:
    """Return the cart, pay and success lines; what is not certain is due."""
    no_previous = pl.col("previous_import_id").is_null()
    is_doubtful = no_previous if is_complete else pl.lit(value=True)
    is_cart_line = pl.col("kind") == Kind.CART
    cart_events = events.filter(pl.col("cart_id").is_not_null()).drop("page_id")
    return cart_events.join(
        votes.select(*IDENTITY, "page_id", "previous_import_id"),
        on=IDENTITY,
        how="left",
    ).with_columns(is_due=is_cart_line & pl.col("was_known") & is_doubtful)


def _votes(lines: pl.DataFrame) -> pl.DataFrame:
    voting = lines.filter(pl.col("page_id").is_not_null())
    votes = voting.group_by("goods_id", "page_id").agg(votes=pl.len())
    return votes.cast(pl.Int64)
