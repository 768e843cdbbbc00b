"""Sessions: who does what, as columns of numbers."""

from typing import Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.services.log_analytics.generator.shop import FIRST_ID, GOODS, WAYS

Numbers: TypeAlias = NDArray[np.int64]
Random: TypeAlias = np.random.Generator

PAUSE_SECONDS: Final = (4, 90)
PIECES: Final = (1, 5)
GOODS_COUNT: Final = sum(map(len, GOODS.values()))

LENGTHS: Final = np.array([len(way) for way in WAYS])
SHARES: Final = np.array(tuple(WAYS.values())) / sum(WAYS.values())
LONGEST: Final = int(LENGTHS.max())
# A row a way, a column a step: what is done, and with which of the session's goods.
STEPS: Final = np.array([list(map(ord, way.ljust(LONGEST))) for way in WAYS])
SEEN: Final = np.array(
    [[way.count("g", 0, step) for step in range(LONGEST)] for way in WAYS],
)
# What goes into the cart is what was looked at just before.
CHOICES: Final = np.maximum(SEEN - (STEPS == ord("a")), 0)


def choose_ways(random: Random, lines: int) -> Numbers:
    """Choose so many ways to go that they have these lines, the last one maybe more."""
    average = float(LENGTHS @ SHARES)
    plenty = int(lines / average * 2) + LONGEST
    ways = random.choice(len(LENGTHS), plenty, p=SHARES)
    enough = int(np.searchsorted(LENGTHS[ways].cumsum(), lines)) + 1
    return ways[:enough]


def make_requests(
    random: Random,
    ways: Numbers,
    starts: Numbers,
    first_cart: int,
) -> pl.DataFrame:
    """Let somebody go each way from its start on; requests of a session stay together.

    Columns: second, step (the code of a letter of ``WAYS``), session, cart, goods,
    pieces.
    """
    lengths = LENGTHS[ways]
    session = np.repeat(np.arange(len(ways)), lengths)
    first_line = np.repeat(lengths.cumsum() - lengths, lengths)
    step = np.arange(len(session)) - first_line
    pause = random.integers(*PAUSE_SECONDS, len(session)).cumsum()
    goods = random.integers(0, GOODS_COUNT, (len(ways), LONGEST))
    return pl.DataFrame(
        {
            "second": starts[session] + pause - pause[first_line],
            "step": STEPS[ways[session], step],
            "session": session,
            "cart": FIRST_ID + first_cart + session,
            "goods": goods[session, CHOICES[ways[session], step]],
            "pieces": random.integers(*PIECES, len(session)),
        },
    )
