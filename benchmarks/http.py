"""``make bench``: our list of fifty users beside other stacks doing the same work.

One worker each on one core; load and stores on another. The stacks take turns within
a round, so that a slow moment of the machine strikes all alike. Medians of rounds are
compared, as ratios: absolute figures say more about the machine than about us. On a
busy machine the CPU time a request takes, of worker and supervisor, says more still.
"""

import sys
from functools import partial
from typing import Annotated, Final

import typer
from benchmarks.load import PATH
from benchmarks.rounds import load_once, measure, report
from benchmarks.servers import COMMANDS

# How much of each peer we must reach, and of the last how much of what is possible.
GOALS: Final = (("fastapi", 2.0), ("litestar", 1.2), ("raw asyncpg", 0.55))


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    seconds: Annotated[float, typer.Option(min=0.1)] = 3,
    connections: Annotated[int, typer.Option(min=1)] = 32,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure; exit code 1 when a goal is missed."""
    load = partial(load_once, PATH, seconds, connections)
    measured = measure(COMMANDS, rounds, load)
    sys.exit(report(measured, GOALS, as_json=as_json))


if __name__ == "__main__":
    typer.run(main)
