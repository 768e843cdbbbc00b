"""Answers are kept while they are right, and not a moment longer."""

from asyncio import gather
from collections.abc import AsyncIterator
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from prilavok.domain.reports.questions import Days, PagedDays, ReportName
from prilavok.domain.reports.report import Report
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.transaction import Database, Reading
from prilavok.services.log_analytics.report_cache import ReportCache
from prilavok.services.log_analytics.reports import ReportService
from tests.oracle.lines import write_log
from tests.shop_logs import KnownCountries, LogDesk, open_desk

CARTS: Final = write_log(
    "2018-08-01 10:00:00 1 8.8.8.8 /cart?goods_id=1&amount=1&cart_id=1",
    "2018-08-01 10:00:00 2 8.8.8.8 /cart?goods_id=1&amount=1&cart_id=2",
)
MORE: Final = write_log("2018-08-02 10:00:00 3 8.8.8.8 /success_pay_2/")


@pytest.fixture
async def desk(postgres: PostgresUrls) -> AsyncIterator[LogDesk]:
    """Open the desk where logs come in."""
    async with open_desk(postgres, KnownCountries({})) as opened:
        yield opened


@pytest.fixture
def reading(engine: AsyncEngine) -> Reading:
    """Read with the service's own rights."""
    return Database(async_sessionmaker(engine)).reading


@pytest.fixture
def service(reading: Reading) -> ReportService:
    """Answer, and keep the answers."""
    return ReportService(reading, "made up", ReportCache())


async def unpaid(service: ReportService) -> Report:
    """Ask which carts were not paid."""
    return await service.get_report(ReportName.UNPAID_CARTS, PagedDays())


async def test_kept_answer_is_given_again(
    desk: LogDesk,
    service: ReportService,
) -> None:
    """For the same question only: parameters count, and so do pages."""
    await desk.bring_in(CARTS)
    first = await unpaid(service)
    other = PagedDays(page=2, per_page=1)

    assert await unpaid(service) is first
    assert await service.get_report(ReportName.UNPAID_CARTS, other) is not first
    assert len((await service.get_report(ReportName.UNPAID_CARTS, other)).findings.rows)


async def test_crowd_is_answered_by_one_reading(
    desk: LogDesk,
    service: ReportService,
) -> None:
    """Twenty who ask at once get the very same answer."""
    await desk.bring_in(CARTS)
    answers = await gather(*(unpaid(service) for _ in range(20)))

    assert len(set(map(id, answers))) == 1


async def test_new_and_deleted_lines_are_seen_at_once(
    desk: LogDesk,
    service: ReportService,
) -> None:
    """A kept answer ends with the import or the deletion that makes it wrong."""
    await desk.bring_in(CARTS)
    seen = [(await unpaid(service)).findings.total]
    paying = await desk.bring_in(MORE)
    seen.append((await unpaid(service)).findings.total)
    await desk.take_out(paying)
    seen.append((await unpaid(service)).findings.total)

    assert seen == [2, 1, 2]


async def test_long_answers_are_not_kept(desk: LogDesk, reading: Reading) -> None:
    """What does not fit is asked for anew, and pushes nothing out."""
    service = ReportService(reading, "made up", ReportCache(most_rows=2))
    await desk.bring_in(CARTS)
    short = await service.get_report(ReportName.REPEAT_BUYERS, Days())
    long = await unpaid(service)

    assert await unpaid(service) is not long
    assert await service.get_report(ReportName.REPEAT_BUYERS, Days()) is short
