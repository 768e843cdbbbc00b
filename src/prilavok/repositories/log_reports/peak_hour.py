"""Report 4."""

from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import BigInteger, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.reports.questions import Days, ReportName
from prilavok.domain.reports.report import Findings
from prilavok.domain.reports.request_rows import DayPeak
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.log_reports.log_report import LogReport
from prilavok.repositories.log_reports.ranges import bind_days, in_days
from prilavok.repositories.tables.log_summaries import (
    ALL_CATEGORIES,
    DAY_HOURS,
    HOUR_COLUMNS,
)

HOURS: Final = tuple(
    func.sum(DAY_HOURS.c[hour]).cast(BigInteger) for hour in HOUR_COLUMNS
)
PEAK: Final = func.greatest(*HOURS)
PEAKS: Final = HotRead(
    select(
        DAY_HOURS.c.day,
        PEAK.label("requests"),
        # The first of equals; arrays count from 1.
        (func.array_position(array(HOURS), PEAK) - 1).label("hour"),
    )
    .where(DAY_HOURS.c.category_id == ALL_CATEGORIES, in_days(DAY_HOURS.c.day))
    .group_by(DAY_HOURS.c.day)
    .order_by(DAY_HOURS.c.day),
)


async def read(session: AsyncSession, days: Days) -> Findings:
    """Find the busiest hour of each day, and of them all the earliest busiest."""
    rows = list(map(_to_row, await PEAKS.fetch(session, **bind_days(days))))
    busiest = max(rows, key=lambda row: row.requests, default=None)
    return Findings(answer=busiest, rows=rows)


def _to_row(row: Any) -> DayPeak:
    day, requests, hour = row
    return DayPeak(day, requests, datetime.combine(day, time(hour)))


PEAK_HOUR: Final = LogReport(
    name=ReportName.PEAK_HOUR,
    question="How many requests did the busiest calendar hour bring?",
    sentence="The busiest hour began at {answer.hour}: {answer.requests} requests.",
    read=read,
)
