"""Cart lines are linked to what their address asked for just before."""

from typing import Any, Final, TypeAlias

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.shop_logs import Kind
from prilavok.services.log_analytics.chains import link_events

# Visitor, time, key, import, page, kind.
Event: TypeAlias = tuple[int, int, int, int, int, int]

SECOND: Final = 1_000_000
# From the year 1 to the year 9999, in seconds since 1970. That takes 39 bits and leaves
# 25 for visitors, of whom the first and the last would then be the same.
FIRST: Final = -62_135_596_800
LAST: Final = 253_402_300_799
MOMENTS: Final = st.one_of(st.integers(0, 3), st.sampled_from((FIRST, LAST)))
VISITORS: Final = st.sampled_from((1, 2, 2**31 - 1, 2**25 + 1))
KINDS: Final = st.sampled_from((Kind.CART, Kind.CART, Kind.GOODS, Kind.INDEX))
SCHEMA: Final = ("visitor_id", "at", "key", "import_id", "page_id", "kind")


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Draw different events, some of them in the same second."""
    identities = draw(
        st.lists(
            st.tuples(VISITORS, MOMENTS, st.integers(0, 36**8 - 1)),
            min_size=1,
            max_size=12,
            unique_by=lambda identity: identity[1:],
        ),
    )
    return [
        (visitor, second * SECOND, key, draw(st.integers(1, 3)), page, draw(KINDS))
        for page, (visitor, second, key) in enumerate(identities, start=1)
    ]


@given(drawn=events(), share=st.floats(0, 1))
def test_every_cart_line_is_linked_as_if_one_by_one(
    drawn: list[Event],
    share: float,
) -> None:
    """New ones all, and of the known ones those that come after a new event."""
    count = max(1, round(share * len(drawn)))
    new, old = drawn[:count], drawn[count:]
    chains = link_events(frame(new), frame(old))
    expected_new, expected_old = link_one_by_one(new, old)

    assert sorted(chains.new.rows()) == sorted(expected_new)
    assert sorted(chains.old.rows()) == sorted(expected_old)


def frame(listed: list[Event]) -> pl.DataFrame:
    """Make a frame, even of none."""
    return pl.DataFrame(listed, dict.fromkeys(SCHEMA, pl.Int64), orient="row")


def link_one_by_one(new: list[Event], old: list[Event]) -> tuple[list[Any], list[Any]]:
    """Find the event before each cart line among those of its address."""
    linked_new, linked_old = [], []
    for event in (*new, *old):
        if event[-1] != Kind.CART:
            continue
        earlier = [
            other
            for other in (*new, *old)
            if other[0] == event[0] and other[1:3] < event[1:3]
        ]
        before = max(earlier, key=lambda other: other[1:3], default=None)
        if event in new:
            linked_new.append((new.index(event), *vote(before)))
        elif before in new:
            linked_old.append((*event[:3], *vote(before)))
    return linked_new, linked_old


def vote(before: Event | None) -> tuple[int | None, int | None]:
    """Return the import of the event before, and its page if that is one of goods."""
    if before is None:
        return None, None
    return before[3], before[4] if before[-1] == Kind.GOODS else None
