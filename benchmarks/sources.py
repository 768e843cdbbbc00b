"""``make bench``: how much longer than its slowest source our answer takes.

Three, thirty and three hundred sources, of which one takes half a second and the
others less, fetched in each of our paradigms and one after another: once without a
service around, and once by ``GET /sources/items`` of the whole service. Then as many
answers as the service gives to fifty clients, with sources that answer at once. Each
figure is told on stderr as soon as it is there; all of it takes a minute and a half.

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
from typing import Annotated, Final

import orjson
import typer
import uvloop
from benchmarks.servers import HOST, ROOT, await_port, free_port, stop
from benchmarks.source_fetching import answer_time, kinds, one_after_another
from benchmarks.source_figures import (
    SERVICE,
    SIZES,
    SLOWEST_MS,
    Figures,
    is_missed,
    rate_of,
    ratio_of,
    ratio_to_slowest,
    show,
    tell,
)
from benchmarks.source_service import (
    SourceService,
    open_source_service,
    open_source_stores,
)

OTHERS_MS: Final = 50
CLIENTS: Final = 50
NAIVE: Final = "one after another"


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    seconds: Annotated[float, typer.Option(min=0.1)] = 2,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure; exit code 1 when the default, asyncio, misses the goal."""
    with _source_server() as port:
        measured = _fetched(port, rounds) | _served(port, rounds, seconds)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(measured))
    else:
        show(measured)
    sys.exit(is_missed(measured))


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
            measured[kind][ratio_of(size)] = ratio_to_slowest(median(times))
            tell(kind, size, measured[kind])
        measured[NAIVE][ratio_of(size)] = ratio_to_slowest(one_after_another(urls))
        tell(NAIVE, size, measured[NAIVE])
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
                    tell(SERVICE.format(kind=kind), size, figures)
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
    ratio = ratio_to_slowest(median(service.answer_seconds(rounds)))
    service.set_sources(_urls(port, [0 for _ in range(size)]))
    answers = service.load(CLIENTS, seconds)
    if answers["failed"]:
        raise RuntimeError(f"Requests failed: {answers}")
    return {ratio_of(size): ratio, rate_of(size): round(answers["per_second"])}


def _slow_urls(port: int, size: int) -> list[str]:
    return _urls(port, [SLOWEST_MS, *(OTHERS_MS for _ in range(size - 1))])


def _urls(port: int, waits: list[int]) -> list[str]:
    return [f"http://{HOST}:{port}/{place}/{wait}" for place, wait in enumerate(waits)]


if __name__ == "__main__":
    typer.run(main)
