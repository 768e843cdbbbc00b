"""Report 2."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.countries import country_code
from prilavok.domain.reports.questions import CategoryDays, ReportName
from prilavok.domain.reports.report import Findings
from prilavok.domain.reports.request_rows import CountryViews
from prilavok.repositories.log_reports.category_name import CATEGORY_ID
from prilavok.repositories.log_reports.log_report import LogReport
from prilavok.repositories.log_reports.ranges import bind_days
from prilavok.repositories.log_reports.visitor_countries import (
    ByCountry,
    CountryTotal,
    rank,
    winner,
)
from prilavok.repositories.tables.log_summaries import CATEGORY_VISITOR_DAYS

VIEWS: Final = ByCountry(
    CATEGORY_VISITOR_DAYS,
    CATEGORY_VISITOR_DAYS.c.category_id == CATEGORY_ID,
)


async def read(session: AsyncSession, asked: CategoryDays) -> Findings:
    """Count views of the category's page and of its goods' pages by country."""
    found = await VIEWS.fetch(session, category=asked.category, **bind_days(asked))
    rows = sorted(
        map(_to_row, found),
        key=lambda row: rank(row.views, row.country),
    )
    return Findings(
        answer=winner(rows),
        rows=rows,
        unknown=sum(row.views for row in rows if row.country is None),
    )


def _to_row(found: CountryTotal) -> CountryViews:
    return CountryViews(country_code(found.country), found.events, found.visitors)


CATEGORY_COUNTRIES: Final = LogReport(
    name=ReportName.CATEGORY_COUNTRIES,
    question="From which country is the category viewed most?",
    sentence="Most views come from {answer.country}: {answer.views}.",
    read=read,
)
