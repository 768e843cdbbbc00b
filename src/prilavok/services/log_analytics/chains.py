"""Which event of the same address came just before each cart line; pure.

Events are frames with at, key, visitor_id, import_id, page_id and kind.
"""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
import polars as pl

from prilavok.domain.shop_logs import Kind
from prilavok.services.log_analytics.blocks import Numbers

EVENT: Final = ("at", "key", "visitor_id", "import_id", "page_id", "kind")
IDENTITY: Final = ("visitor_id", "at", "key")
ROW: Final = "row"
SECOND: Final = 1_000_000
# So many bits have numbers that are not below zero.
BITS: Final = 63
FOLLOWS: Final = pl.col("follows")
VOTES: Final = FOLLOWS & (pl.col("kind") == Kind.GOODS)
# What a cart line stands after, and what it votes for.
VOTE: Final = (
    pl.when(FOLLOWS).then("import_id").alias("previous_import_id"),
    pl.when(VOTES).then("page_id"),
)


@final
@dataclass(frozen=True, slots=True)
class Chains:
    """What cart lines stand after: previous_import_id, and the vote, page_id.

    ``new`` has the new ones, by their row among the events; where there is no event
    before them, both are null. ``old`` has the known ones that now come after a new
    event: visitor_id, at, key, and both.
    """

    new: pl.DataFrame
    old: pl.DataFrame


def link_events(new: pl.DataFrame, old: pl.DataFrame) -> Chains:
    """Put new events among the known ones."""
    events = pl.concat((new.select(EVENT), old.select(EVENT)), how="vertical_relaxed")
    linked = _link(events)
    is_new = pl.col(ROW) < len(new)
    is_changed = ~is_new & FOLLOWS & (pl.col("before") < len(new))
    changed = linked.filter(is_changed)
    lines = events.select(IDENTITY)[changed[ROW]]
    return Chains(
        linked.filter(is_new).select(ROW, *VOTE),
        lines.hstack(changed.select(VOTE)),
    )


def _link(events: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of cart lines, with those of the events before them.

    Import, page and kind are those of the event before; it ``follows`` one if both are
    of the same address.
    """
    order = _put_in_order(events)
    is_cart_line = events["kind"].to_numpy()[order] == Kind.CART
    places = np.flatnonzero(is_cart_line)
    # Before the first of all would be the last: of another address, or itself.
    rows, before = order[places], order[places - 1]
    visitors = events["visitor_id"].to_numpy()
    linked = {
        ROW: rows,
        "before": before,
        "follows": (visitors[rows] == visitors[before]) & (places > 0),
    }
    return pl.DataFrame(linked).hstack(events.drop(IDENTITY)[before])


def _put_in_order(events: pl.DataFrame) -> Numbers:
    """Return the rows by visitor, second and key.

    One number is sorted several times as fast as three, and few events of a visitor
    come in the same second.
    """
    visitors, at, keys = (events[name].to_numpy() for name in IDENTITY)
    seconds = at // SECOND
    seconds -= seconds.min()
    bits = int(seconds.max()).bit_length()
    if bits + int(visitors.max()).bit_length() > BITS:
        return np.lexsort((keys, seconds, visitors))
    moments = (visitors << bits) | seconds
    return _break_ties(moments, keys, np.argsort(moments))


def _break_ties(moments: Numbers, keys: Numbers, order: Numbers) -> Numbers:
    """Put the rows of equal moments, which follow one another, in the order of keys."""
    is_same = np.diff(moments[order]) == 0
    places = np.flatnonzero(np.append(is_same, False) | np.append(False, is_same))
    rows = order[places]
    order[places] = rows[np.lexsort((keys[rows], moments[rows]))]
    return order
