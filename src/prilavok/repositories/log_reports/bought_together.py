"""Report 5."""

from typing import Any, Final

from sqlalchemy import BigInteger, Integer, any_, column, func, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.reports.cart_rows import CategoryCarts
from prilavok.domain.reports.questions import CategoryDays, ReportName
from prilavok.domain.reports.report import Findings
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.log_reports.category_name import CATEGORY_ID
from prilavok.repositories.log_reports.log_report import LogReport
from prilavok.repositories.log_reports.ranges import bind_days, created_in_days
from prilavok.repositories.tables.carts import CartRow, CategorySetRow
from prilavok.repositories.tables.shop_logs import CategoryRow

# As an array, so that an index finds the carts of each of them.
SETS: Final = func.array(
    select(CategorySetRow.category_set_id)
    .where(CategorySetRow.category_ids.contains(array([CATEGORY_ID])))
    .scalar_subquery(),
)
# Carts by what they hold: few sets, so the rest costs nothing.
PAID: Final = (
    select(CartRow.category_set_id, func.count().label("carts"))
    .where(
        CartRow.category_set_id == any_(SETS),
        CartRow.paid_at.is_not(None),
        created_in_days(CartRow.created_at),
    )
    .group_by(CartRow.category_set_id)
    .subquery()
)
HELD: Final = (
    func.unnest(CategorySetRow.category_ids)
    .table_valued(column("category_id", Integer))
    .render_derived()
)
# The category itself is among the rows: it counts all the carts that hold it.
CARTS: Final = HotRead(
    select(
        CategoryRow.name,
        func.sum(PAID.c.carts).cast(BigInteger).label("carts"),
        (CategoryRow.category_id == CATEGORY_ID).label("is_itself"),
    )
    .select_from(PAID)
    .join(CategorySetRow, CategorySetRow.category_set_id == PAID.c.category_set_id)
    .join(HELD, true())
    .join(CategoryRow, CategoryRow.category_id == HELD.c.category_id)
    .group_by(CategoryRow.category_id, CategoryRow.name),
)


async def read(session: AsyncSession, asked: CategoryDays) -> Findings:
    """Count paid carts with the category and another one."""
    found = await CARTS.fetch(session, category=asked.category, **bind_days(asked))
    total = sum(row["carts"] for row in found if row["is_itself"])
    rows = [_to_row(row, total) for row in found if not row["is_itself"]]
    rows.sort(key=lambda row: (-row.carts, row.category))
    return Findings(answer=rows[0] if rows else None, rows=rows)


def _to_row(row: Any, total: int) -> CategoryCarts:
    return CategoryCarts(row["name"], row["carts"], row["carts"] / total)


BOUGHT_TOGETHER: Final = LogReport(
    name=ReportName.BOUGHT_TOGETHER,
    question="Which category is most often bought together with the category?",
    sentence="Most often together with {answer.category}: {answer.carts} paid carts.",
    read=read,
)
