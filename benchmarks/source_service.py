"""``GET /sources/items`` of the whole service: session, database, Redis and all."""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from subprocess import check_output
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final, final

import asyncpg
import orjson
from benchmarks.servers import HOST, OURS, ROOT, Served, open_server
from benchmarks.stores import Stores, open_stores

PATH: Final = "/api/v1/sources/items"
COMPLETED: Final = "X-Sources-Completed"
ADD: Final = """
INSERT INTO sources (name, url, timeout_s, position)
SELECT 'source-' || place, url, 2, place
FROM unnest($1::text[]) WITH ORDINALITY AS listed (url, place)
"""


@final
@dataclass(frozen=True, slots=True)
class SourceService:
    """A service at work, whose sources can be exchanged."""

    served: Served
    owner_url: str

    def set_sources(self, urls: Sequence[str]) -> None:
        """Make these its sources, and no others."""
        asyncio.run(_set_sources(self.owner_url, urls))

    def answer_seconds(self, rounds: int) -> list[float]:
        """Measure answers, one after another; every source must have delivered."""
        connection = HTTPConnection(HOST, self.served.port)
        # Connections are made in the first round, threads as well.
        seconds = [_timed(connection, self.served.cookie) for _ in range(rounds + 1)]
        connection.close()
        return seconds[1:]

    def load(self, clients: int, seconds: float) -> Any:
        """Let so many ask all the time; they share what is under way."""
        arguments = (self.served.port, self.served.cookie, seconds, clients, PATH)
        command = (sys.executable, "-m", "benchmarks.load", *map(str, arguments))
        return orjson.loads(check_output(command, cwd=ROOT))


@contextmanager
def open_source_stores() -> Iterator[tuple[Path, Stores]]:
    """Start the stores in a folder that goes with them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        yield folder, stack.enter_context(open_stores(folder))


@contextmanager
def open_source_service(
    kind: str,
    folder: Path,
    stores: Stores,
) -> Iterator[SourceService]:
    """Start the service, one worker on one core, with this fetcher."""
    core = min(os.sched_getaffinity(0))
    settings = {"SOURCES_ALLOW_PRIVATE": "true", "SOURCE_FETCHER": kind}
    with open_server(OURS, stores, folder, core, settings) as served:
        yield SourceService(served, stores.postgres.owner)


def _timed(connection: HTTPConnection, cookie: str) -> float:
    started = perf_counter()
    connection.request("GET", PATH, headers={"Cookie": cookie})
    response = connection.getresponse()
    body = response.read()
    seconds = perf_counter() - started
    if response.headers[COMPLETED] != "true":
        raise RuntimeError(f"Not all sources delivered: {body[:500]!r}")
    return seconds


async def _set_sources(owner_url: str, urls: Sequence[str]) -> None:
    connection = await asyncpg.connect(owner_url)
    await connection.execute("DELETE FROM sources")
    await connection.execute(ADD, urls)
    await connection.close()
