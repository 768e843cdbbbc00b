"""What the benchmarks of HTTP share: stacks that take turns, and ratios of medians."""

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from subprocess import check_output
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final, TypeAlias

import orjson
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

Figures: TypeAlias = dict[str, float]
Goals: TypeAlias = Iterable[tuple[str, float]]


def measure(
    names: Iterable[str],
    rounds: int,
    load: Callable[[Served], Figures],
) -> dict[str, Figures]:
    """Let these stacks take turns; return the medians of each."""
    core, other = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, {other})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        stores = stack.enter_context(open_stores(folder))
        servers = stack.enter_context(open_servers(stores, folder, core, names))
        fill(stores)
        # The first round only warms up.
        runs = [
            {name: load(server) for name, server in servers.items()}
            for _ in range(rounds + 1)
        ]
    return {name: _medians([run[name] for run in runs[1:]]) for name in runs[0]}


def load_once(kind: str, seconds: float, connections: int, server: Served) -> Figures:
    """Ask one stack; raises ``RuntimeError`` when too much fails."""
    arguments = (server.port, server.cookie, seconds, connections, kind)
    command = (sys.executable, "-m", "benchmarks.load", *map(str, arguments))
    before = server.cpu_seconds
    answer: Figures = orjson.loads(check_output(command, cwd=ROOT))
    requests = answer["per_second"] * seconds
    if answer["failed"] > requests * TOLERATED:
        raise RuntimeError(f"Too many requests failed: {answer}")
    return {**answer, "cpu": (server.cpu_seconds - before) / requests}


def report(measured: dict[str, Figures], goals: Goals, *, as_json: bool) -> bool:
    """Show the figures; tell whether a goal is missed."""
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(measured))
    else:
        _show(measured, dict(goals))
    return any(_ratio(measured, peer) < goal for peer, goal in goals)


def _medians(runs: list[Figures]) -> Figures:
    return {name: median(run[name] for run in runs) for name in MEASURES}


def _ratio(measured: dict[str, Figures], peer: str) -> float:
    return measured[OURS]["per_second"] / measured[peer]["per_second"]


def _show(measured: dict[str, Figures], goals: dict[str, float]) -> None:
    table = Table("stack", *HEADINGS, "ours is", "goal")
    for name, figures in measured.items():
        shown = [f"{figures[key] * scale:.0f}" for key, scale in MEASURES.items()]
        ratio = f"{_ratio(measured, name):.2f} x"
        table.add_row(name, *shown, ratio, str(goals.get(name, "")))
    Console().print(table)
