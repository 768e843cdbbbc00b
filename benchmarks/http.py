"""``make bench``: our list of fifty users beside other stacks doing the same work.

One worker each on one core; load and stores on another. The stacks take turns within
a round, so that a slow moment of the machine strikes all alike. Medians of rounds are
compared, as ratios: absolute figures say more about the machine than about us. On a
busy machine the CPU time a request takes, of worker and supervisor, says more still.
"""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from subprocess import check_output
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Annotated, Final, TypeAlias

import orjson
import typer
from benchmarks.servers import OURS, ROOT, Served, open_servers
from benchmarks.stores import fill, open_stores
from rich.console import Console
from rich.table import Table

# A busy machine may make a store look away for once; that is told, not hidden.
TOLERATED: Final = 0.02
# With the factor that makes whole numbers of them.
MEASURES: Final = MappingProxyType(
    {"per_second": 1, "p50": 1000, "p99": 1000, "cpu": 1_000_000, "failed": 1},
)
HEADINGS: Final = ("requests/s", "p50 ms", "p99 ms", "CPU us", "failed")
# How much of each peer we must reach, and of the last how much of what is possible.
GOALS: Final = (("fastapi", 2.0), ("litestar", 1.2), ("raw asyncpg", 0.55))

Figures: TypeAlias = dict[str, float]


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    seconds: Annotated[float, typer.Option(min=0.1)] = 3,
    connections: Annotated[int, typer.Option(min=1)] = 32,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure; exit code 1 when a goal is missed."""
    measured = _measure(rounds, partial(_load, seconds, connections))
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(measured))
    else:
        _show(measured)
    sys.exit(any(_ratio(measured, peer) < goal for peer, goal in GOALS))


def _measure(
    rounds: int,
    load: Callable[[Served], Figures],
) -> dict[str, Figures]:
    core, other = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, {other})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        stores = stack.enter_context(open_stores(folder))
        servers = stack.enter_context(open_servers(stores, folder, core))
        fill(stores)
        # The first round only warms up.
        runs = [
            {name: load(server) for name, server in servers.items()}
            for _ in range(rounds + 1)
        ]
    return {name: _medians([run[name] for run in runs[1:]]) for name in runs[0]}


def _medians(runs: list[Figures]) -> Figures:
    return {name: median(run[name] for run in runs) for name in MEASURES}


def _load(seconds: float, connections: int, server: Served) -> Figures:
    arguments = (server.port, server.cookie, seconds, connections)
    command = (sys.executable, "-m", "benchmarks.load", *map(str, arguments))
    before = server.cpu_seconds
    answer: Figures = orjson.loads(check_output(command, cwd=ROOT))
    requests = answer["per_second"] * seconds
    if answer["failed"] > requests * TOLERATED:
        raise RuntimeError(f"Too many requests failed: {answer}")
    return {**answer, "cpu": (server.cpu_seconds - before) / requests}


def _ratio(measured: dict[str, Figures], peer: str) -> float:
    return measured[OURS]["per_second"] / measured[peer]["per_second"]


def _show(measured: dict[str, Figures]) -> None:
    table = Table("stack", *HEADINGS, "ours is", "goal")
    goals = dict(GOALS)
    for name, figures in measured.items():
        shown = [f"{figures[key] * scale:.0f}" for key, scale in MEASURES.items()]
        ratio = f"{_ratio(measured, name):.2f} x"
        table.add_row(name, *shown, ratio, str(goals.get(name, "")))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
