"""What data a report is made of."""

from functools import reduce
from operator import add
from typing import Final

from sqlalchemy import BigInteger, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.reports.questions import Days
from prilavok.domain.reports.report import DataRange
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.log_reports.country_sources import (
    ANSWERS_SINCE,
    TITLE,
    UNRESOLVED,
    name_source,
)
from prilavok.repositories.log_reports.ranges import bind_days, in_days
from prilavok.repositories.tables.carts import OrphanCartRow
from prilavok.repositories.tables.log_summaries import (
    ALL_CATEGORIES,
    DAY_HOURS,
    HOUR_COLUMNS,
)
from prilavok.repositories.tables.shop_logs import ImportRow

EVENTS: Final = func.sum(reduce(add, (DAY_HOURS.c[hour] for hour in HOUR_COLUMNS)))
ORPHANS: Final = func.sum(OrphanCartRow.lines)
RANGE: Final = HotRead(
    select(
        func.coalesce(EVENTS, 0).cast(BigInteger).label("events"),
        func.min(DAY_HOURS.c.day).label("first_day"),
        func.max(DAY_HOURS.c.day).label("last_day"),
        select(func.coalesce(ORPHANS, 0).cast(BigInteger))
        .scalar_subquery()
        .label("orphans"),
        select(func.max(ImportRow.finished_at)).scalar_subquery().label("imported_at"),
        UNRESOLVED.scalar_subquery().label("unresolved"),
        TITLE,
        ANSWERS_SINCE,
    ).where(DAY_HOURS.c.category_id == ALL_CATEGORIES, in_days(DAY_HOURS.c.day)),
)


async def read_data_range(session: AsyncSession, days: Days) -> DataRange:
    """Count the data behind a report of these days."""
    rows = await RANGE.fetch(session, **bind_days(days))
    row = rows[0]
    return DataRange(
        events=row["events"],
        first_day=days.first_day or row["first_day"],
        last_day=days.last_day or row["last_day"],
        orphans=row["orphans"],
        imported_at=row["imported_at"],
        country_source=name_source(row),
        unresolved=row["unresolved"],
    )
