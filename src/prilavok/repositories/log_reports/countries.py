"""Report 1."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.countries import country_code
from prilavok.domain.reports.questions import Days, ReportName
from prilavok.domain.reports.report import Findings
from prilavok.domain.reports.request_rows import CountryRequests
from prilavok.repositories.log_reports.log_report import LogReport
from prilavok.repositories.log_reports.ranges import bind_days
from prilavok.repositories.log_reports.visitor_countries import (
    ByCountry,
    CountryTotal,
    rank,
    winner,
)
from prilavok.repositories.tables.log_summaries import VISITOR_DAYS

REQUESTS: Final = ByCountry(VISITOR_DAYS)


async def read(session: AsyncSession, days: Days) -> Findings:
    """Count requests by country."""
    found = await REQUESTS.fetch(session, **bind_days(days))
    rows = sorted(
        map(_to_row, found),
        key=lambda row: rank(row.requests, row.country),
    )
    return Findings(
        answer=winner(rows),
        rows=rows,
        unknown=sum(row.requests for row in rows if row.country is None),
    )


def _to_row(found: CountryTotal) -> CountryRequests:
    return CountryRequests(
        country_code(found.country),
        found.events,
        found.visitors,
    )


COUNTRIES: Final = LogReport(
    name=ReportName.COUNTRIES,
    question="From which country do visitors send the most requests?",
    sentence="Most requests come from {answer.country}: {answer.requests}.",
    read=read,
)
