"""``make bench``: how much longer than its slowest source our answer takes.

Three, thirty and three hundred sources, of which one takes half a second and the
others less, fetched in each of our paradigms and one after another. KrakenD documents
the same behaviour for its merged backends: they are asked at once, the answer takes as
long as the slowest or as the time-out, what is missing is left out, and the header
``X-Krakend-Completed: false`` says so. It has no status for each source, no items
checked one by one, and follows redirects; it is not run here.
"""

import sys
from contextlib import ExitStack
from statistics import median
from subprocess import Popen
from typing import Annotated, Final

import orjson
import typer
import uvloop
from benchmarks.servers import HOST, ROOT, await_port, free_port, stop
from benchmarks.source_fetching import (
    answer_time,
    kinds,
    one_after_another,
    per_second,
)
from rich.console import Console
from rich.table import Table

SIZES: Final = (3, 30, 300)
SLOWEST_MS: Final = 500
OTHERS_MS: Final = 50
CLIENTS: Final = 50
NAIVE: Final = "one after another"
# How much longer than its slowest source an answer may take.
GOAL: Final = 1.05


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    seconds: Annotated[float, typer.Option(min=0.1)] = 3,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure; exit code 1 when the goal is missed by the default, asyncio."""
    port = free_port()
    command = (sys.executable, "-m", "benchmarks.source_server", str(port))
    with ExitStack() as stack:
        stack.callback(stop, Popen(command, cwd=ROOT))
        await_port(port)
        measured = _measure(port, rounds, seconds)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(measured))
    else:
        _show(measured)
    sys.exit(any(measured["asyncio"][str(size)] > GOAL for size in SIZES))


def _measure(port: int, rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    measured: dict[str, dict[str, float]] = {kind: {} for kind in kinds()}
    measured[NAIVE] = {}
    for size in SIZES:
        urls = _urls(port, size)
        for kind in kinds():
            times = uvloop.run(answer_time(kind, urls, rounds))
            measured[kind][str(size)] = _ratio(median(times))
        measured[NAIVE][str(size)] = _ratio(one_after_another(urls))
    quick = [f"http://{HOST}:{port}/{number}/0" for number in range(SIZES[0])]
    for kind in kinds():
        answers = per_second(kind, quick, CLIENTS, seconds)
        measured[kind]["per_second"] = round(uvloop.run(answers))
    return measured


def _urls(port: int, size: int) -> list[str]:
    waits = [SLOWEST_MS, *(OTHERS_MS for _ in range(size - 1))]
    return [f"http://{HOST}:{port}/{place}/{wait}" for place, wait in enumerate(waits)]


def _ratio(seconds: float) -> float:
    return round(seconds * 1000 / SLOWEST_MS, 3)


def _show(measured: dict[str, dict[str, float]]) -> None:
    headings = [f"{size} sources" for size in SIZES]
    table = Table("fetched by", *headings, f"answers/s, {CLIENTS} clients")
    for kind, figures in measured.items():
        ratios = [f"{figures[str(size)]:.3f} x" for size in SIZES]
        table.add_row(kind, *ratios, str(figures.get("per_second", "")))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
