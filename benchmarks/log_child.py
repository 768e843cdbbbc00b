"""Run by the benchmark in a process of its own, so that its memory is its own."""

import asyncio
import sys
from pathlib import Path
from time import perf_counter
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import async_sessionmaker

from prilavok.clients.countries.offline import OfflineCountries
from prilavok.domain.imports import ImportCounts, ImportState
from prilavok.repositories.engine import (
    IMPORT_COMMAND_SECONDS,
    IMPORT_POOL_SIZE,
    create_engine,
)
from prilavok.repositories.log_imports.store import LogStore
from prilavok.repositories.transaction import Database
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.log_file import open_log
from prilavok.services.log_analytics.parsed import Rejections
from prilavok.services.log_analytics.parser import LogParser

SHOP_HOST: Final = "all_to_the_bottom.com"


class Unheard:
    """Wakes nobody."""

    async def ring(self, job: str, **payload: object) -> None:
        """Stay silent."""


class Unwatched:
    """Follows an import without interest."""

    def see_progress(self, counts: ImportCounts) -> None:
        """Look away."""

    def see_rejected(self, rejected: Rejections) -> None:
        """Look away."""


async def bring_in(store: LogStore, path: str) -> dict[str, object]:
    """Import a log; tell of lines, seconds and the peak of memory in MiB."""
    countries = OfflineCountries()
    # A worker does so once, with its first import.
    await countries.locate(())
    importer = Importer(store, LogParser(SHOP_HOST), countries)
    started = perf_counter()
    with open_log(path) as log:
        done = await importer.run(log, Unwatched())
    seconds = perf_counter() - started
    if done.state is not ImportState.SUCCEEDED:
        raise RuntimeError(f"The import has failed: {done.error}")
    return {
        "id": str(done.id),
        "lines": done.lines,
        "duplicates": done.duplicates,
        "seconds": seconds,
        "per_second": done.lines / seconds,
        "peak": _peak(),
    }


async def take_out(store: LogStore, import_id: str) -> dict[str, object]:
    """Delete an import; tell of seconds."""
    started = perf_counter()
    database = Database(async_sessionmaker(store.engine))
    imports = ImportService(store, database.reading, database.transaction, Unheard())
    await imports.delete(UUID(import_id))
    return {"seconds": perf_counter() - started}


async def main(task: str, url: str, word: str) -> dict[str, object]:
    """Do what the words say."""
    engine = create_engine(url, IMPORT_POOL_SIZE, IMPORT_COMMAND_SECONDS)
    try:
        return await {"import": bring_in, "delete": take_out}[task](
            LogStore(engine), word
        )
    finally:
        await engine.dispose()


def _peak() -> float:
    """Return the largest resident size so far, VmHWM of proc_pid_status(5), in MiB."""
    status = Path("/proc/self/status").read_text()
    kibibytes = status.partition("VmHWM:")[2].split()[0]
    return int(kibibytes) / 1024


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(asyncio.run(main(*sys.argv[1:]))))
