"""Ways to bring the same log in, each as lines a second."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from shutil import which
from time import perf_counter, sleep
from typing import Any, Final, TypeAlias

import asyncpg
import orjson
from benchmarks.log_database import execute
from benchmarks.servers import ROOT

from prilavok.embedded.postgres import PostgresUrls

Figures: TypeAlias = dict[str, Any]

# As much as executemany needs to get into its stride.
NAIVE_LINES: Final = 100_000
ROWS_AT_ONCE: Final = 1000
LINE: Final = re.compile(
    r"shop_api +\| (\S+ \S+) \[([A-Z0-9]{8})\] INFO: (\S+) https://[^/]+/(\S*)\n",
)
NAIVE_TABLE: Final = """
CREATE TABLE peer_events (
    at timestamp, key text, address inet, path text, PRIMARY KEY (at, key)
)
"""
NAIVE_INSERT: Final = """
INSERT INTO peer_events VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""
READY_TABLE: Final = """
CREATE TABLE peer_events (LIKE loose_events INCLUDING ALL)
"""
READY_ROWS: Final = """
SELECT at, key, visitor_id, import_id, page_id FROM events ORDER BY at, key
"""
IS_IMPORTING: Final = """
SELECT EXISTS (SELECT FROM imports WHERE state = 'running' AND lines > 0)
"""
POLL_SECONDS: Final = 0.05
DROP: Final = "DROP TABLE IF EXISTS peer_events"
# How GoAccess is told to read the format.
GOACCESS: Final = (
    "--log-format=%^| %d %t [%^] INFO: %h https://all_to_the_bottom.com%U",
    "--date-format=%Y-%m-%d",
    "--time-format=%T",
    "--no-progress",
)


def ours(urls: PostgresUrls, log: Path) -> Figures:
    """Import with everything, in a process of its own; also tell its peak memory."""
    return run_child("import", urls, log)


@contextmanager
def import_beside(urls: PostgresUrls, log: Path) -> Iterator[None]:
    """Import a log for as long as the block runs, which must not be longer."""
    command = (sys.executable, "-m", "benchmarks.log_child", "import", urls.app)
    process = subprocess.Popen((*command, str(log)), cwd=ROOT, stdout=subprocess.PIPE)
    try:
        while not execute(urls.owner, IS_IMPORTING):
            sleep(POLL_SECONDS)
        yield
        if process.poll() is not None:
            raise RuntimeError("The import was over too soon: ask for more lines.")
    finally:
        process.communicate()


def run_child(task: str, urls: PostgresUrls, *words: object) -> Figures:
    """Let another process do it and tell of it."""
    command = (sys.executable, "-m", "benchmarks.log_child", task, urls.app)
    told = subprocess.check_output((*command, *map(str, words)), cwd=ROOT)
    figures: Figures = orjson.loads(told)
    return figures


def executemany(urls: PostgresUrls, log: Path) -> float:
    """Parse by a regular expression, insert a thousand rows a transaction."""
    return asyncio.run(_executemany(urls.owner, log))


async def _executemany(url: str, log: Path) -> float:
    connection = await asyncpg.connect(url)
    await connection.execute(DROP)
    await connection.execute(NAIVE_TABLE)
    started = perf_counter()
    count = 0
    for rows in _in_batches(log):
        async with connection.transaction():
            await connection.executemany(NAIVE_INSERT, rows)
        count += len(rows)
    speed = count / (perf_counter() - started)
    await connection.execute(DROP)
    await connection.close()
    return speed


def _in_batches(log: Path) -> Iterator[list[Any]]:
    rows = []
    with log.open() as lines:
        for line in islice(lines, NAIVE_LINES):
            match = LINE.fullmatch(line)
            if match:
                at, *others = match.groups()
                rows.append((datetime.fromisoformat(at), *others))
            if len(rows) == ROWS_AT_ONCE:
                yield rows
                rows = []
    if rows:
        yield rows


def copy_ready_rows(urls: PostgresUrls) -> float:
    """Copy the events that are there into an equal table, parsed and encoded."""
    return asyncio.run(_copy(urls.owner))


async def _copy(url: str) -> float:
    connection = await asyncpg.connect(url)
    await connection.execute(DROP)
    await connection.execute(READY_TABLE)
    ready = BytesIO()
    await connection.copy_from_query(READY_ROWS, output=ready, format="binary")
    ready.seek(0)
    started = perf_counter()
    done = await connection.copy_to_table("peer_events", source=ready, format="binary")
    seconds = perf_counter() - started
    await connection.execute(DROP)
    await connection.close()
    return float(done.split()[1]) / seconds


def goaccess(log: Path, lines: int) -> float | None:
    """Let GoAccess count the log; None where it is not installed."""
    program = which("goaccess")
    if program is None:
        return None
    started = perf_counter()
    report = log.with_suffix(".json")
    subprocess.run(
        (program, str(log), *GOACCESS, "-o", str(report)),
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return lines / (perf_counter() - started)
