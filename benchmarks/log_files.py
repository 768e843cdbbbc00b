"""Made-up logs on disk: in order, and shuffled with duplicates."""

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Final

from prilavok.services.log_analytics.generator.made_log import made_log
from prilavok.services.log_analytics.generator.plan import LogPlan

START: Final = date(2020, 1, 1)
# About what the genuine log of such a shop has; a dense one has a million.
LINES_A_DAY: Final = 2_000
DUPLICATES: Final = 0.1


def days_of(lines: int) -> int:
    """Count the days that so many lines fill."""
    return max(1, lines // LINES_A_DAY)


def write_log(path: Path, lines: int, days: int, seed: int = 0) -> float:
    """Make a log up; return how many lines a second were made."""
    started = perf_counter()
    with path.open("wb") as log:
        log.writelines(made_log(LogPlan(lines, START, days, seed)))
    return lines / (perf_counter() - started)


def write_shuffled(path: Path, ordered: Path) -> None:
    """Write the lines of another log in no order, every tenth of them twice."""
    lines: Sequence[bytes] = ordered.read_bytes().splitlines(keepends=True)
    dice = random.Random(0)
    mixed = [*lines, *dice.sample(lines, int(len(lines) * DUPLICATES))]
    dice.shuffle(mixed)
    path.write_bytes(b"".join(mixed))
