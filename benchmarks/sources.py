"""``make bench``: how much longer than its slowest source our answer takes.

Three, thirty and three hundred sources, of which one takes half a second and the
others less, fetched in each of our paradigms and one after another: once without a
service around, and once by ``GET /sources/items`` of the whole service. Then as many
answers as the service gives to fifty clients, with sources that answer at once.

KrakenD documents the same behaviour for its merged backends: they are asked at once,
the answer takes as long as the slowest or as the time-out, what is missing is left
out, and the header ``X-KrakenD-Completed: false`` says so; when none succeeds it
answers 500. Nothing names the status of each source or checks items one by one, and
its community edition follows redirects. It is not run here.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from subprocess import Popen
from typing import Annotated, Final, TypeAlias

import orjson
import typer
import uvloop
from benchmarks.servers import HOST, ROOT, await_port, free_port, stop
from benchmarks.source_fetching import answer_time, kinds, one_after_another
from benchmarks.source_service import (
    SourceService,
    open_source_service,
    open_source_stores,
)
from rich.console import Console
from rich.table import Column, Table

SIZES: Final = (3, 30, 300)
SLOWEST_MS: Final = 500
OTHERS_MS: Final = 50
CLIENTS: Final = 50
NAIVE: Final = "one after another"
SERVICE: Final = "service, {kind}"
# How much longer than its slowest source an answer may take.
GOAL: Final = 1.05

Figures: TypeAlias = dict[str, float]


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    seconds: Annotated[float, typer.Option(min=0.1)] = 3,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure; exit code 1 when the goal is missed by the default, asyncio."""
    with _source_server() as port:
        measured = _fetched(port, rounds) | _served(port, rounds, seconds)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(measured))
    else:
        _show(measured)
    ratios = [measured["asyncio"][_ratio_of(size)] for size in SIZES]
    sys.exit(any(ratio > GOAL for ratio in ratios))


@contextmanager
def _source_server() -> Iterator[int]:
    port = free_port()
    command = (sys.executable, "-m", "benchmarks.source_server", str(port))
    with ExitStack() as stack:
        stack.callback(stop, Popen(command, cwd=ROOT))
        await_port(port)
        yield port


def _fetched(port: int, rounds: int) -> dict[str, Figures]:
    """Measure without a service around."""
    measured: dict[str, Figures] = {kind: {} for kind in (*kinds(), NAIVE)}
    for size in SIZES:
        urls = _slow_urls(port, size)
        for kind in kinds():
            times = uvloop.run(answer_time(kind, urls, rounds))
            measured[kind][_ratio_of(size)] = _ratio(median(times))
        measured[NAIVE][_ratio_of(size)] = _ratio(one_after_another(urls))
    return measured


def _served(port: int, rounds: int, seconds: float) -> dict[str, Figures]:
    """Measure the whole service."""
    measured = {}
    with open_source_stores() as (folder, stores):
        for kind in kinds():
            with open_source_service(kind, folder, stores) as service:
                figures: Figures = {}
                for size in SIZES:
                    figures |= _of_size(service, port, size, rounds, seconds)
            measured[SERVICE.format(kind=kind)] = figures
    return measured


def _of_size(
    service: SourceService,
    port: int,
    size: int,
    rounds: int,
    seconds: float,
) -> Figures:
    service.set_sources(_slow_urls(port, size))
    ratio = _ratio(median(service.answer_seconds(rounds)))
    service.set_sources(_urls(port, [0 for _ in range(size)]))
    answers = service.load(CLIENTS, seconds)
    if answers["failed"]:
        raise RuntimeError(f"Requests failed: {answers}")
    return {_ratio_of(size): ratio, _rate_of(size): round(answers["per_second"])}


def _slow_urls(port: int, size: int) -> list[str]:
    return _urls(port, [SLOWEST_MS, *(OTHERS_MS for _ in range(size - 1))])


def _urls(port: int, waits: list[int]) -> list[str]:
    return [f"http://{HOST}:{port}/{place}/{wait}" for place, wait in enumerate(waits)]


def _ratio(seconds: float) -> float:
    return round(seconds * 1000 / SLOWEST_MS, 3)


def _ratio_of(size: int) -> str:
    return f"ratio_{size}"


def _rate_of(size: int) -> str:
    return f"per_second_{size}"


def _show(measured: dict[str, Figures]) -> None:
    ratios = [f"{size}: time" for size in SIZES]
    rates = [f"{size}: req/s" for size in SIZES]
    columns = (Column(name, no_wrap=True) for name in ("fetched by", *ratios, *rates))
    table = Table(*columns, box=None)
    for kind, figures in measured.items():
        shown = [f"{figures[_ratio_of(size)]:.3f} x" for size in SIZES]
        rated = [str(figures.get(_rate_of(size), "")) for size in SIZES]
        table.add_row(kind, *shown, *rated)
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
