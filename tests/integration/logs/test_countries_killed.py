"""Whoever finds countries may be killed at any moment."""

import sys
from asyncio import timeout
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen
from typing import Final

from sqlalchemy import make_url

from prilavok.domain.countries import CountrySource
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.log_imports.store import LogStore
from tests.country_desk import CountryDesk
from tests.logs.made_up import made_up_log
from tests.oracle.events import read_events
from tests.shop_logs import KnownCountries

ROOT: Final = Path(__file__).parents[3]
LOG: Final = made_up_log(2000)
VISITORS: Final = sorted({event.address for event in read_events(LOG)}, key=str)
KILLS: Final = 3
MOST_BATCHES: Final = 60
PATIENCE_SECONDS: Final = 30
SEED: Final = 7


def kill_after(batches: int, url: str) -> None:
    """Let a process find countries, and kill it when it did that many batches."""
    words = ("-m", "tests.logs.endless_resolving", url, *map(str, VISITORS))
    with Popen((sys.executable, *words), cwd=ROOT, stdout=PIPE) as process:
        said = [process.stdout.readline() for _ in range(batches) if process.stdout]
        process.kill()
    assert said[-1]


async def test_killed_at_any_moment(store: LogStore, postgres: PostgresUrls) -> None:
    """All rows agree then; the next goes on, and in the end only the last counts."""
    desk, random = CountryDesk(store.engine), Random(SEED)
    halves = dict.fromkeys(VISITORS[::2], "FR")
    last = KnownCountries(halves, CountrySource("last", "last"), batch_size=50)
    await desk.bring_in(last, LOG)
    for _ in range(KILLS):
        kill_after(
            random.randint(1, MOST_BATCHES),
            make_url(postgres.app).render_as_string(hide_password=False),
        )
        await desk.agrees()
    async with timeout(PATIENCE_SECONDS):
        # PostgreSQL may still be busy with what a killed one asked for last.
        while (await desk.status(last)).source != "last":
            await desk.service(last).resolve(seconds=PATIENCE_SECONDS)

    assert (await desk.status(last)).unresolved == 0
    await desk.check(last.countries, LOG)
