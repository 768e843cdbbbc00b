"""Jobs that write down in a file that they were called, and workers that do them."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from marshmallow import fields

from prilavok.domain.errors import Unavailable
from prilavok.jobs.table import JobTable, by_name
from prilavok.jobs.worker import Patience, Worker
from prilavok.log_config import configure_logging
from prilavok.repositories.redis_client import create_redis
from prilavok.schemas.base import InputSchema, NoInput

ANSWER_SECONDS: Final = 3
HURRY: Final = Patience(keep=0.2, lost=0.8, finish=1)
POLL_SECONDS: Final = 0.02
PATIENCE_SECONDS: Final = 30
table: Final = JobTable()


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """What to write."""

    word: str


@final
class EntrySchema(InputSchema[Entry]):
    """An entry as payload."""

    target = Entry
    word = fields.String(required=True)


@final
@dataclass(frozen=True, slots=True)
class Diary:
    """A file that several processes append to; the context of these jobs."""

    path: Path

    def write(self, word: str) -> None:
        """Append a line."""
        with self.path.open("a") as lines:
            lines.write(f"{word}\n")

    def words(self) -> list[str]:
        """Read all lines."""
        return self.path.read_text().splitlines() if self.path.exists() else []

    async def await_words(self, *words: str) -> None:
        """Return when exactly these stand there, in any order."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while sorted(self.words()) != sorted(words):
                await asyncio.sleep(POLL_SECONDS)


@table.job("write", payload=EntrySchema())
async def write(diary: Diary, entry: Entry) -> None:
    """Write a word."""
    diary.write(entry.word)


@table.job("fail", payload=EntrySchema())
async def fail(diary: Diary, entry: Entry) -> None:
    """Write a word, and fail for good."""
    diary.write(entry.word)
    raise KeyError(entry.word)


@table.job("stumble", payload=EntrySchema())
async def stumble(diary: Diary, entry: Entry) -> None:
    """Fail the first time, because something was away."""
    diary.write(entry.word)
    if diary.words().count(entry.word) == 1:
        raise Unavailable("Not now.")


@table.job("dawdle", payload=EntrySchema())
async def dawdle(diary: Diary, entry: Entry) -> None:
    """Take longer than a dead worker is given; with a file `hang`, for ever."""
    diary.write(f"begin {entry.word}")
    await asyncio.sleep(HURRY.lost * 2)
    while diary.path.with_name("hang").exists():
        await asyncio.sleep(POLL_SECONDS)
    diary.write(f"end {entry.word}")


@table.periodic("tick", every_seconds=1)
async def tick(diary: Diary, nothing: NoInput) -> None:
    """Write down that a second passed."""
    diary.write("tick")


JOBS: Final = by_name((table,))


@asynccontextmanager
async def working(url: str, diary: Diary) -> AsyncIterator[asyncio.Event]:
    """Let a worker work for as long as the block runs; the event stops it."""
    stopping = asyncio.Event()
    redis = create_redis(url, ANSWER_SECONDS)
    async with asyncio.TaskGroup() as group:
        group.create_task(Worker(JOBS, diary, redis, HURRY).run(stopping))
        try:
            yield stopping
        finally:
            stopping.set()
    await redis.aclose(close_connection_pool=True)


async def main(url: str, path: str) -> None:
    """Be a worker that only a signal ends."""
    configure_logging("info", "json")
    async with working(url, Diary(Path(path))):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
