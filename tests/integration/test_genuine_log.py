"""The seven answers on a genuine log, whatever way it comes in."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Final

import pytest
from geoip2fast import GeoIP2Fast
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from prilavok.clients.countries.offline import OfflineCountries
from prilavok.domain.reports.questions import ReportName
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.transaction import Database
from prilavok.services.log_analytics.reports import ReportService
from tests.oracle.events import Address, read_events
from tests.oracle.question import Log, read_log
from tests.report_checks import NO_QUERY, ask, check
from tests.shop_logs import LogDesk, open_desk

ROOT: Final = Path(__file__).parents[2]
SHARED: Final = Path(os.environ.get("PRILAVOK_SHARED", ROOT.parent / "shared"))
GENUINE: Final = SHARED / "data" / "logs.txt"
SEED: Final = 2018
ANSWERS: Final = MappingProxyType[ReportName, object](
    {
        ReportName.COUNTRIES: {"country": "US", "requests": 8964},
        ReportName.CATEGORY_COUNTRIES: {"country": "US", "views": 1353},
        ReportName.CATEGORY_HOURS: {"part": "night", "views": 608},
        ReportName.PEAK_HOUR: {"requests": 94, "hour": "2018-08-02T03:00:00"},
        ReportName.BOUGHT_TOGETHER: {"category": "frozen_fish", "carts": 43},
        ReportName.UNPAID_CARTS: {"carts": 73},
        ReportName.REPEAT_BUYERS: {"users": 77},
    },
)

pytestmark: Final = pytest.mark.skipif(
    not GENUINE.exists(),
    reason=f"No genuine log: neither {GENUINE} nor PRILAVOK_SHARED.",
)


@pytest.fixture
async def desk(postgres: PostgresUrls) -> AsyncIterator[LogDesk]:
    """Open the desk where logs come in."""
    async with open_desk(postgres, OfflineCountries()) as opened:
        yield opened


@pytest.fixture
def service(engine: AsyncEngine) -> ReportService:
    """Answer with the service's own rights."""
    return ReportService(Database(async_sessionmaker(engine)).reading, "offline")


@pytest.fixture(scope="module")
def text() -> bytes:
    """Read the log where it lies."""
    return GENUINE.read_bytes()


@pytest.fixture(scope="module")
def log(text: bytes) -> Log:
    """Read it with the library's countries, asked directly."""
    return read_log(text, _countries({event.address for event in read_events(text)}))


def _countries(addresses: set[Address]) -> dict[Address, str]:
    table = GeoIP2Fast()
    codes = {address: table.lookup(str(address)).country_code for address in addresses}
    return {address: code for address, code in codes.items() if code.isalpha()}


async def _check_all(service: ReportService, log: Log) -> None:
    for name, answer in ANSWERS.items():
        document = await ask(service, name, NO_QUERY)
        assert document["answer"] == answer, name
    await check(service, log)


async def test_whole(
    desk: LogDesk,
    service: ReportService,
    text: bytes,
    log: Log,
) -> None:
    """And again the same, and for a few days and other categories."""
    await desk.bring_in(text)
    await _check_all(service, log)
    await desk.bring_in(text)
    await _check_all(service, log)
    await check(service, log, {"from": "2018-08-03", "to": "2018-08-05"})
    await check(service, log, {"category": "caviar", "scope": "all"})


async def test_in_pieces(
    desk: LogDesk,
    service: ReportService,
    text: bytes,
    log: Log,
) -> None:
    """Seven overlapping pieces in a random order, among lines that are no log."""
    random = Random(SEED)
    lines = text.splitlines(keepends=True)
    cuts = [0, *sorted(random.sample(range(len(lines)), 6)), len(lines)]
    pieces = [
        b"".join(lines[max(0, start - 500) : end])
        for start, end in zip(cuts, cuts[1:], strict=False)
    ]
    random.shuffle(pieces)
    for piece in pieces:
        await desk.bring_in(b"\xef\xbb\xbfnot a log\n\0\xff\n%b\xd0" % piece)
    await _check_all(service, log)


async def test_without_a_half(
    desk: LogDesk,
    service: ReportService,
    text: bytes,
    log: Log,
) -> None:
    """The later half comes first and goes again; what is left is the first half."""
    lines = text.splitlines(keepends=True)
    first = b"".join(lines[: len(lines) // 2])
    later = await desk.bring_in(b"".join(lines[len(lines) // 2 :]))
    await desk.bring_in(first)
    await _check_all(service, log)
    await desk.take_out(later)
    await check(service, read_log(first, log.countries))
