"""Our ways of fetching many sources, and the naive one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from importlib.util import find_spec
from time import monotonic, perf_counter
from typing import Final, TypeAlias
from urllib.request import urlopen
from uuid import UUID

import orjson

from prilavok.clients.json_sources.opening import open_client
from prilavok.domain.source_items import SourceTarget
from prilavok.services.sources.asking import SourceAsking
from prilavok.services.sources.merging import merge

SECONDS: Final = 10
Gather: TypeAlias = Callable[[], Awaitable[int]]


def kinds() -> Iterator[str]:
    """Name the paradigms whose packages are here."""
    yield from ("asyncio", "threads")
    if find_spec("geventhttpclient") is not None:
        yield "greenlets"


def targets(urls: Sequence[str]) -> list[SourceTarget]:
    """Describe sources."""
    return [
        SourceTarget(UUID(int=number), str(number), url, SECONDS, True, 1)
        for number, url in enumerate(urls)
    ]


def one_after_another(urls: Sequence[str]) -> float:
    """Fetch as one would without a thought; return how long it took."""
    started = perf_counter()
    merged = []
    for url in urls:
        with urlopen(url) as response:
            merged += orjson.loads(response.read())
    merged.sort(key=lambda found: found["id"])
    return perf_counter() - started


async def answer_time(kind: str, urls: Sequence[str], rounds: int) -> list[float]:
    """Measure how long an answer with the items of all sources takes."""
    client = open_client(kind, allow_private=True)
    asking = SourceAsking(client, SECONDS, monotonic)
    asked = targets(urls)
    # Connections are made in the first round, threads as well.
    times = [await _timed(asking, asked) for _ in range(rounds + 1)]
    await client.close()
    return times[1:]


async def _timed(asking: SourceAsking, asked: Sequence[SourceTarget]) -> float:
    started = perf_counter()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(asking.ask(one)) for one in asked]
    items = await merge([task.result() for task in tasks])
    seconds = perf_counter() - started
    if len(items) != len(asked) * len(items[:10]):
        raise RuntimeError(f"Only {len(items)} items of {len(asked)} sources.")
    return seconds
