"""Report 7."""

from asyncio import to_thread
from itertools import count
from typing import Final

import numpy as np
from sqlalchemy import func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.reports.cart_rows import PurchaseUsers, UserCount
from prilavok.domain.reports.questions import Days, ReportName
from prilavok.domain.reports.report import Findings
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.log_reports.log_report import LogReport
from prilavok.repositories.log_reports.ranges import bind_days, created_in_days
from prilavok.repositories.tables.carts import CartRow

# User ids are not negative, and numbers of addresses are positive: the address is the
# buyer where no user is known. All in one value, which is sorted here: PostgreSQL would
# take three times as long to group as many rows.
BUYER: Final = func.coalesce(CartRow.user_id, -CartRow.visitor_id)
BUYERS: Final = HotRead(
    select(
        func.string_agg(func.int8send(BUYER), literal_column("''::bytea")).label(
            "buyers",
        ),
    ).where(CartRow.paid_at.is_not(None), created_in_days(CartRow.created_at)),
)
NUMBER: Final = ">i8"


async def read(session: AsyncSession, days: Days) -> Findings:
    """Count buyers by how often they bought; no number in between is left out."""
    found = await BUYERS.fetch(session, **bind_days(days))
    users = await to_thread(_count_users, found[0]["buyers"] or b"")
    return Findings(
        answer=UserCount(sum(users[2:])),
        rows=list(map(PurchaseUsers, count(1), users[1:])),
    )


def _count_users(packed: bytes) -> list[int]:
    """Return how many buyers bought so many times, from none on."""
    buyers = np.frombuffer(packed, NUMBER).astype(np.int64)
    _, purchases = np.unique(buyers, return_counts=True)
    users: list[int] = np.bincount(purchases).tolist()
    return users


REPEAT_BUYERS: Final = LogReport(
    name=ReportName.REPEAT_BUYERS,
    question="How many buyers bought again?",
    sentence="Buyers with two or more purchases: {answer.users}.",
    read=read,
)
