"""Report 3."""

from collections.abc import Sequence
from itertools import product
from types import MappingProxyType
from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    SmallInteger,
    any_,
    bindparam,
    extract,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.reports.questions import ReportName, Scope, ScopedDays
from prilavok.domain.reports.report import Findings
from prilavok.domain.reports.request_rows import DayPart, HourViews, PartViews
from prilavok.domain.shop_logs import Kind
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.log_reports.category_name import CATEGORY_ID
from prilavok.repositories.log_reports.log_report import LogReport
from prilavok.repositories.log_reports.ranges import bind_days, in_days
from prilavok.repositories.tables.log_summaries import DAY_HOURS, HOUR_COLUMNS

HOURS_A_PART: Final = 6
WEEKDAYS: Final = range(1, 8)
HOURS: Final = range(len(HOUR_COLUMNS))
NO_VIEWS: Final = (0,) * len(HOUR_COLUMNS)
KINDS: Final = MappingProxyType[Scope, Sequence[Kind]](
    {
        Scope.CATEGORY: (Kind.CATEGORY,),
        Scope.GOODS: (Kind.GOODS,),
        Scope.ALL: (Kind.CATEGORY, Kind.GOODS),
    },
)
WEEKDAY: Final = extract("isodow", DAY_HOURS.c.day).cast(Integer).label("weekday")
VIEWS: Final = HotRead(
    select(
        WEEKDAY,
        *(func.sum(DAY_HOURS.c[hour]).cast(BigInteger) for hour in HOUR_COLUMNS),
    )
    .where(
        DAY_HOURS.c.category_id == CATEGORY_ID,
        DAY_HOURS.c.kind == any_(bindparam("kinds", type_=ARRAY(SmallInteger))),
        in_days(DAY_HOURS.c.day),
    )
    .group_by(WEEKDAY),
)


async def read(session: AsyncSession, asked: ScopedDays) -> Findings:
    """Count views by weekday and hour, then by part of day."""
    found = await VIEWS.fetch(
        session,
        category=asked.category,
        kinds=KINDS[asked.scope],
        **bind_days(asked),
    )
    by_weekday = {row["weekday"]: tuple(row)[1:] for row in found}
    heatmap = [
        HourViews(weekday, hour, by_weekday.get(weekday, NO_VIEWS)[hour])
        for weekday, hour in product(WEEKDAYS, HOURS)
    ]
    rows = _by_part(heatmap)
    # The first of equals, so the earlier part of the day.
    most = max(rows, key=lambda row: row.views)
    return Findings(answer=most if most.views else None, rows=rows, heatmap=heatmap)


def _by_part(heatmap: Sequence[HourViews]) -> Sequence[PartViews]:
    views = dict.fromkeys(DayPart, 0)
    parts = tuple(DayPart)
    for cell in heatmap:
        views[parts[cell.hour // HOURS_A_PART]] += cell.views
    return [PartViews(part, total) for part, total in views.items()]


CATEGORY_HOURS: Final = LogReport(
    name=ReportName.CATEGORY_HOURS,
    question="In which part of the day is the category viewed most?",
    sentence="Most views fall into the {answer.part.value}: {answer.views}.",
    read=read,
)
