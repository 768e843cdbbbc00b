"""A made-up log, in pieces, from its first line to its last."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from prilavok.services.log_analytics.generator.lines import LineWriter
from prilavok.services.log_analytics.generator.plan import LogPlan
from prilavok.services.log_analytics.generator.sessions import (
    LONGEST,
    PAUSE_SECONDS,
    Numbers,
    choose_ways,
    make_requests,
)
from prilavok.services.log_analytics.generator.shop import BUSY
from prilavok.services.log_analytics.generator.visitors import choose_visitors

BATCH: Final = 50_000
HOUR: Final = 3600
LONGEST_SESSION: Final = LONGEST * PAUSE_SECONDS[1]


def made_log(plan: LogPlan) -> Iterator[bytes]:
    """Yield the log's lines in pieces, ordered by time; nothing is kept in memory."""
    writer = LineWriter(plan)
    written = 0
    for requests in _by_time(plan):
        asked = requests.head(plan.lines - written)
        yield writer.write(asked, written)
        written += len(asked)


def _by_time(plan: LogPlan) -> Iterator[pl.DataFrame]:
    """Yield requests, ordered by time, of ever later sessions."""
    unfinished = pl.DataFrame()
    for made, until in _batches(plan):
        together = pl.concat((unfinished, made)).sort("second", maintain_order=True)
        yield together.filter(pl.col("second") < until)
        unfinished = together.filter(pl.col("second") >= until)
    yield unfinished


def _batches(plan: LogPlan) -> Iterator[tuple[pl.DataFrame, int]]:
    """Yield requests of some sessions, and before what time no later one starts."""
    random = np.random.default_rng(plan.seed)
    ways = choose_ways(random, plan.lines)
    starts = _start_times(plan, len(ways))
    for first in range(0, len(ways), BATCH):
        some_starts = starts[first : first + BATCH]
        made = make_requests(random, ways[first : first + BATCH], some_starts, first)
        visitors = choose_visitors(random, plan, some_starts)
        yield _of_visitors(made, pl.Series(visitors)), int(some_starts[-1])


def _of_visitors(requests: pl.DataFrame, visitors: pl.Series) -> pl.DataFrame:
    return requests.with_columns(visitor=pl.lit(visitors).gather("session"))


def _start_times(plan: LogPlan, sessions: int) -> Numbers:
    """Spread sessions over the days as busy as the hours are, in order."""
    busy = np.append(0, np.array(BUSY * plan.days).cumsum())
    share = np.linspace(0, busy[-1], sessions)
    starts = np.interp(share, busy, np.arange(plan.hours + 1) * HOUR)
    in_time: Numbers = starts.clip(max=plan.hours * HOUR - LONGEST_SESSION)
    return in_time.astype(np.int64)
