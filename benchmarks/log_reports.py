"""How long the seven reports take, and the same questions asked of the events."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Final

import asyncpg
from benchmarks.log_questions import ASKED_OF_EVENTS
from sqlalchemy.ext.asyncio import async_sessionmaker

from prilavok.domain.reports.catalogue import PARAMETERS
from prilavok.domain.reports.questions import ReportName
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.engine import IMPORT_COMMAND_SECONDS, create_engine
from prilavok.repositories.transaction import Database
from prilavok.schemas.reports.catalogue import SHAPES
from prilavok.services.log_analytics.reports import ReportService

Milliseconds = dict[ReportName, float]

TIMES: Final = 5
THREE_MONTHS: Final = timedelta(days=91)
MILLISECONDS: Final = 1000


def three_months(start: date, days: int) -> dict[str, str]:
    """Choose three months from the middle of the log, as a query names them."""
    first = start + timedelta(days=days // 2)
    return {"from": str(first), "to": str(first + THREE_MONTHS)}


def ask_reports(urls: PostgresUrls, query: Mapping[str, str]) -> Milliseconds:
    """Ask each report some times; return the medians."""
    return asyncio.run(_ask_reports(urls.app, query))


def ask_events(urls: PostgresUrls, query: Mapping[str, str]) -> Milliseconds:
    """Ask the events each question once, after the tables have been read."""
    return asyncio.run(_ask_events(urls.owner, query))


async def _ask_reports(url: str, query: Mapping[str, str]) -> Milliseconds:
    engine = create_engine(url, command_seconds=IMPORT_COMMAND_SECONDS)
    service = ReportService(Database(async_sessionmaker(engine)).reading, "made up")
    found = {}
    for name in ReportName:
        fitting = {key: query[key] for key in PARAMETERS[name].keys() & query.keys()}
        asked = SHAPES[name].query.parse(fitting)
        seconds = []
        for _ in range(TIMES):
            started = perf_counter()
            await service.get_report(name, asked)
            seconds.append(perf_counter() - started)
        found[name] = median(seconds) * MILLISECONDS
    await engine.dispose()
    return found


async def _ask_events(url: str, query: Mapping[str, str]) -> Milliseconds:
    connection = await asyncpg.connect(url)
    await connection.execute("SET work_mem = '64MB'")
    first = datetime.fromisoformat(query.get("from", "1900-01-01"))
    after = datetime.fromisoformat(query.get("to", "2900-01-01")) + timedelta(days=1)
    found = {}
    for name, question in ASKED_OF_EVENTS.items():
        started = perf_counter()
        await connection.fetch(question, first, after)
        found[name] = (perf_counter() - started) * MILLISECONDS
    await connection.close()
    return found
