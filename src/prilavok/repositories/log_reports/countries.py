"""Report 1."""

from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.countries import country_code
from prilavok.domain.reports.questions import Days, ReportName
from prilavok.domain.reports.report import Findings
from prilavok.domain.reports.request_rows import CountryRequests
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.log_reports.log_report import LogReport
from prilavok.repositories.log_reports.ranges import bind_days
from prilavok.repositories.log_reports.visitor_countries import (
    by_country,
    rank,
    winner,
)
from prilavok.repositories.tables.log_summaries import VISITOR_DAYS
from prilavok.repositories.tables.shop_logs import VisitorRow

IN_DAYS: Final = HotRead(by_country(VISITOR_DAYS))
# Over all days the visitors are those that are known: twice as quick.
VISITORS: Final = (
    select(VisitorRow.country, func.count().label("visitors"))
    .group_by(VisitorRow.country)
    .subquery()
)
REQUESTS: Final = (
    select(VISITOR_DAYS.c.country, func.sum(VISITOR_DAYS.c.events).label("events"))
    .group_by(VISITOR_DAYS.c.country)
    .subquery()
)
EVER: Final = HotRead(
    select(REQUESTS.c.country, REQUESTS.c.events, VISITORS.c.visitors).join(
        VISITORS,
        VISITORS.c.country == REQUESTS.c.country,
    ),
)


async def read(session: AsyncSession, days: Days) -> Findings:
    """Count requests by country."""
    if days == Days():
        found = await EVER.fetch(session)
    else:
        found = await IN_DAYS.fetch(session, **bind_days(days))
    rows = sorted(
        map(_to_row, found),
        key=lambda row: rank(row.requests, row.country),
    )
    return Findings(
        answer=winner(rows),
        rows=rows,
        unknown=sum(row.requests for row in rows if row.country is None),
    )


def _to_row(row: Any) -> CountryRequests:
    return CountryRequests(
        country_code(row["country"]),
        row["events"],
        row["visitors"],
    )


COUNTRIES: Final = LogReport(
    name=ReportName.COUNTRIES,
    question="From which country do visitors send the most requests?",
    sentence="Most requests come from {answer.country}: {answer.requests}.",
    read=read,
)
