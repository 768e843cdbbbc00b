"""Keeping votes and carts exact while events come in any order.

A cart line votes by the event that the same address had just before it. That event may
be in the block, among the known ones, or still to come. Where the known events at the
block's time are all at hand, votes are exact at once; elsewhere they are marked as due,
and looked up when the import ends.
"""

from asyncio import gather, to_thread
from collections.abc import Set
from dataclasses import dataclass
from typing import Any, Final, final

import polars as pl

from prilavok.domain.shop_logs import Kind
from prilavok.repositories.binary_copy import EncodedRows
from prilavok.repositories.log_imports.cart_events import encode_cart_events
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.services.log_analytics.chains import ROW, link_events
from prilavok.services.log_analytics.counted_carts import (
    CountedCarts,
    add_carts,
    count_carts,
)
from prilavok.services.log_analytics.known import KnownEvents

IS_CARRYING: Final = pl.col("kind").is_in((Kind.CART, Kind.PAY, Kind.SUCCESS))
IS_CART_LINE: Final = pl.col("kind") == Kind.CART
CARRIED: Final = ("cart_id", "user_id", "goods_id", "amount")


@final
@dataclass(frozen=True, slots=True)
class CartLines:
    """New cart, pay and success lines, and known cart lines that vote anew.

    Of the new ones also how they vote, who pays, and which carts they are about;
    ``carts`` are these, counted as if nothing else were known of them.
    """

    new: EncodedRows
    votes: pl.DataFrame
    payers: Set[int]
    cart_ids: Set[int]
    carts: CountedCarts
    changed: pl.DataFrame


async def doubt_later_votes(
    logs: LogRepositories,
    events: pl.DataFrame,
    known: KnownEvents,
) -> None:
    """Mark known cart lines that may now come after one of these events."""
    times: Any = events["at"]
    if not known.is_complete:
        await logs.rows.cart_events.mark_due(_known_visitors(events), times.min())
    elif known.has_later:
        await logs.rows.cart_events.mark_next_due(_known_visitors(events), times.max())


async def find_events_around(
    logs: LogRepositories,
    known: KnownEvents,
) -> pl.DataFrame:
    """Return the known events at the block's time, with the kinds of their pages.

    None where not all of them are at hand.
    """
    old = known.around if known.is_complete else known.around.clear()
    if old.is_empty():
        return old.with_columns(kind=pl.lit(0, pl.Int64))
    kinds = await logs.rows.pages.find_kinds(old["page_id"])
    return old.join(kinds, on="page_id", how="left")


def find_cart_lines(
    events: pl.DataFrame,
    paths: pl.DataFrame,
    old: pl.DataFrame,
    is_complete: bool,
) -> CartLines:
    """Find what new events say about carts, together with the ``old`` ones; pure.

    What the paths of the new ones carry stands in ``paths``.
    """
    chains = link_events(events, old)
    lines = _carrying(events, paths, chains.new)
    new = lines.with_columns(is_due=_doubts(is_complete))
    return CartLines(
        encode_cart_events(new),
        _votes(new),
        set(new.filter(pl.col("user_id").is_not_null())["visitor_id"].to_list()),
        set(new["cart_id"].to_list()),
        count_carts(new),
        chains.old,
    )


async def add_cart_lines(logs: LogRepositories, lines: CartLines) -> None:
    """Store the lines, and count again what they touch."""
    changed = await logs.rows.cart_events.change_votes(lines.changed)
    touched = await logs.rows.carts.add_votes(pl.concat((lines.votes, changed)))
    touched |= await logs.rows.carts.find_paid_elsewhere(lines.payers)
    touched |= lines.cart_ids
    categories = await logs.rows.new_carts.find_categories(lines.carts.goods_ids)
    # Not in the import's own thread, which summarizes the next block meanwhile.
    carts, known = await gather(
        to_thread(lines.carts.name_sets, categories),
        _store(logs, lines.new, touched),
    )
    added = await add_carts(logs, carts, known)
    await logs.rows.carts.count(touched - added)


async def _store(
    logs: LogRepositories,
    lines: EncodedRows,
    touched: set[int],
) -> set[int]:
    """Store new lines; forget what was counted of the carts that they touch."""
    await logs.rows.cart_events.add(lines)
    return await logs.rows.carts.forget(touched)


async def settle_votes(logs: LogRepositories) -> None:
    """Look up all votes that are due, and count again what they change."""
    touched = await logs.rows.carts.add_votes(await logs.rows.cart_events.settle())
    await logs.rows.carts.recount(touched)


def _known_visitors(events: pl.DataFrame) -> pl.Series:
    return events.filter("was_known")["visitor_id"].unique()


def _carrying(
    events: pl.DataFrame,
    paths: pl.DataFrame,
    votes: pl.DataFrame,
) -> pl.DataFrame:
    """Return cart, pay and success lines with what they carry and vote for."""
    lines = events.drop("page_id").with_row_index(ROW).filter(IS_CARRYING)
    carried = paths.select(CARRIED)[lines["path"]]
    return lines.hstack(carried).join(
        votes.cast({ROW: pl.get_index_type()}),
        on=ROW,
        how="left",
    )


def _doubts(is_complete: bool) -> pl.Expr:
    """Tell which votes are not certain."""
    # In a crowd the next blocks would mark most of them: that would write them again.
    if not is_complete:
        return IS_CART_LINE
    no_previous = pl.col("previous_import_id").is_null()
    return IS_CART_LINE & pl.col("was_known") & no_previous


def _votes(lines: pl.DataFrame) -> pl.DataFrame:
    voting = lines.filter(pl.col("page_id").is_not_null())
    votes = voting.group_by("goods_id", "page_id").agg(votes=pl.len())
    return votes.cast(pl.Int64)
