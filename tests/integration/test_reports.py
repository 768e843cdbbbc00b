"""What PostgreSQL answers is what plain Python reads out of the same logs."""

from collections.abc import AsyncIterator
from ipaddress import ip_address
from types import MappingProxyType
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from prilavok.domain.reports.questions import PagedDays, ReportName
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.transaction import Database
from prilavok.services.log_analytics.report_cache import ReportCache
from prilavok.services.log_analytics.reports import ReportService
from tests.oracle.lines import write_log
from tests.oracle.question import read_logs
from tests.oracle.random_logs import CATEGORIES, DAYS, logs
from tests.report_checks import check
from tests.shop_logs import KnownCountries, LogDesk, open_desk

# Several batches of a stream; no multiple of seven.
CARTS: Final = 2500
COUNTRIES: Final = MappingProxyType(
    {ip_address("1.1.1.1"): "DE", ip_address("2001:db8::1"): "AT"},
)
# A function's fixtures serve all its examples; each example empties the tables.
ON_THE_DATABASE: Final = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

queries: Final = st.fixed_dictionaries(
    {},
    optional={
        "from": st.sampled_from(DAYS),
        "to": st.sampled_from(DAYS),
        "category": st.sampled_from((*CATEGORIES, "unheard_of")),
        "scope": st.sampled_from(("category", "goods", "all")),
    },
).filter(lambda query: query.get("from", "") <= query.get("to", "A"))


@pytest.fixture
async def desk(postgres: PostgresUrls) -> AsyncIterator[LogDesk]:
    """Open the desk where logs come in."""
    async with open_desk(postgres, KnownCountries(COUNTRIES)) as opened:
        yield opened


@pytest.fixture
def service(engine: AsyncEngine) -> ReportService:
    """Answer with the service's own rights, from what is kept where that is right."""
    reading = Database(async_sessionmaker(engine)).reading
    return ReportService(reading, "made up", ReportCache())


@settings(ON_THE_DATABASE, max_examples=30)
@given(log=logs, asked=st.lists(queries, min_size=1, max_size=3))
async def test_random_logs(
    desk: LogDesk,
    service: ReportService,
    log: bytes,
    asked: list[dict[str, str]],
) -> None:
    """Ties, orphans, votes, unknown countries, the calendar's ends: all the same."""
    await desk.empty()
    await desk.bring_in(log)
    for query in asked:
        await check(service, read_logs([log], (), COUNTRIES), query)


@settings(ON_THE_DATABASE, max_examples=30)
@given(draw=st.data(), pieces=st.lists(logs, min_size=2, max_size=4))
async def test_imports_that_come_and_go(
    desk: LogDesk,
    service: ReportService,
    draw: st.DataObject,
    pieces: list[bytes],
) -> None:
    """Overlapping logs in any order, and some of them deleted: what is left counts."""
    await desk.empty()
    imports = [await desk.bring_in(piece) for piece in pieces]
    query = draw.draw(queries)
    await check(service, read_logs(pieces, (), COUNTRIES), query)
    numbers = st.sampled_from(range(len(pieces)))
    deleted = draw.draw(st.lists(numbers, unique=True))
    for number in deleted:
        await desk.take_out(imports[number])
    await check(service, read_logs(pieces, deleted, COUNTRIES), query)


async def test_rows_are_streamed_in_full(
    desk: LogDesk,
    service: ReportService,
) -> None:
    """In the order of the pages, however many batches they come in."""
    times = ("23:59:58", "23:59:59", "00:00:00")
    line = "2018-08-01 {} {} 1.1.1.1 /cart?goods_id=1&amount=1&cart_id={}"
    log = write_log(
        *(line.format(times[at % 3], at, 7 * at % CARTS) for at in range(CARTS)),
    )
    await desk.bring_in(log)
    name = ReportName.UNPAID_CARTS
    report = await service.get_report(name, PagedDays(per_page=CARTS))
    streamed = [row async for row in service.stream_rows(name, PagedDays())]

    assert len(streamed) == CARTS
    assert streamed == list(report.findings.rows)


async def test_first_moment_of_the_calendar(
    desk: LogDesk,
    service: ReportService,
) -> None:
    """It is no infinity: its lines are duplicates, votes and carts like others."""
    moment = "0001-01-01 00:00:00"
    in_order = (
        write_log(f"{moment} 3 1.1.1.1 /pay?user_id=1&cart_id=1"),
        write_log(f"{moment} 2 1.1.1.1 /cart?goods_id=1&amount=1&cart_id=1"),
        write_log(f"{moment} 1 1.1.1.1 /fish/cod/", f"{moment} 4 1.1.1.1 /meat/ham/"),
        write_log(f"{moment} 5 1.1.1.1 /cart?goods_id=2&amount=1&cart_id=1"),
        write_log(f"{moment} 6 1.1.1.1 /success_pay_1/"),
    )
    twice = [log for log in in_order for _ in range(2)]
    for log in twice:
        await desk.bring_in(log)
    for category in ("fish", "meat"):
        query = {"category": category, "to": "0001-01-01"}
        await check(service, read_logs(twice, (), COUNTRIES), query)
