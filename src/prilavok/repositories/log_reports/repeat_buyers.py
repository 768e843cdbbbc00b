"""Report 7."""

from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.reports.cart_rows import PurchaseUsers, UserCount
from prilavok.domain.reports.questions import Days, ReportName
from prilavok.domain.reports.report import Findings
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.log_reports.log_report import LogReport
from prilavok.repositories.log_reports.ranges import bind_days, created_in_days
from prilavok.repositories.tables.carts import CartRow

# The address is the buyer where no user is known.
ADDRESS: Final = case((CartRow.user_id.is_(None), CartRow.visitor_id))
BUYERS: Final = (
    select(func.count().label("purchases"))
    .where(CartRow.paid_at.is_not(None), created_in_days(CartRow.created_at))
    .group_by(CartRow.user_id, ADDRESS)
    .subquery()
)
USERS: Final = HotRead(
    select(BUYERS.c.purchases, func.count().label("users"))
    .group_by(BUYERS.c.purchases)
    .order_by(BUYERS.c.purchases),
)


async def read(session: AsyncSession, days: Days) -> Findings:
    """Count buyers by how often they bought; no number in between is left out."""
    found = await USERS.fetch(session, **bind_days(days))
    users: dict[int, int] = dict(found)
    purchases = range(1, max(users, default=0) + 1)
    repeated = sum(counted for bought, counted in users.items() if bought > 1)
    return Findings(
        answer=UserCount(repeated),
        rows=[PurchaseUsers(bought, users.get(bought, 0)) for bought in purchases],
    )


REPEAT_BUYERS: Final = LogReport(
    name=ReportName.REPEAT_BUYERS,
    question="How many buyers bought again?",
    sentence="Buyers with two or more purchases: {answer.users}.",
    read=read,
)
