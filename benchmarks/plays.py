"""``make bench``: our ``POST /plays`` beside the same upsert in FastAPI and SQLAlchemy.

Both read and check the body, normalise the mail, and count by one statement. Ours also
does what it always does: limits in Redis, problem documents, the access log. Each
connection repeats a mail, so that no provider is asked. How it is measured: http.py.
"""

import sys
from functools import partial
from typing import Annotated, Final

import typer
from benchmarks.rounds import load_once, measure, report
from benchmarks.servers import OURS

# How much of the peer we must reach; the aim is 2.5.
GOALS: Final = (("fastapi", 1.5),)


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    seconds: Annotated[float, typer.Option(min=0.1)] = 3,
    connections: Annotated[int, typer.Option(min=1)] = 32,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure; exit code 1 when a goal is missed."""
    load = partial(load_once, "play", seconds, connections)
    measured = measure((OURS, "fastapi"), rounds, load)
    sys.exit(report(measured, GOALS, as_json=as_json))


if __name__ == "__main__":
    typer.run(main)
