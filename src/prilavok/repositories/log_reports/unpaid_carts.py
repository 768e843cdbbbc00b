"""Report 6."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.reports.cart_rows import CartCount, Funnel, UnpaidCart
from prilavok.domain.reports.questions import PagedDays, ReportName
from prilavok.domain.reports.report import Findings
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.log_reports.log_report import LogReport
from prilavok.repositories.log_reports.ranges import bind_days, created_in_days
from prilavok.repositories.tables.carts import CartRow
from prilavok.repositories.tables.shop_logs import VisitorRow

Rows: TypeAlias = Select[*tuple[Any, ...]]

BATCH_ROWS: Final = 1000
IN_DAYS: Final = created_in_days(CartRow.created_at)
ORDER: Final = (CartRow.created_at, CartRow.cart_id)
UNPAID: Final = (
    select(CartRow.cart_id, CartRow.created_at, CartRow.visitor_id, CartRow.lines)
    .where(CartRow.paid_at.is_(None), IN_DAYS)
    .order_by(*ORDER)
    .limit(bindparam("limit", type_=BigInteger))
)


def _with_addresses(carts: Rows) -> HotRead:
    """Look the addresses up of those carts only that are shown."""
    shown = carts.subquery()
    return HotRead(
        select(
            shown.c.cart_id,
            shown.c.created_at,
            func.host(VisitorRow.address).label("visitor"),
            shown.c.lines,
        )
        .join(VisitorRow, VisitorRow.visitor_id == shown.c.visitor_id)
        .order_by(shown.c.created_at, shown.c.cart_id),
    )


PAGE: Final = _with_addresses(UNPAID.offset(bindparam("offset", type_=BigInteger)))
# As text, because asyncpg takes the first moment of the calendar for an infinity.
AFTER: Final = _with_addresses(
    UNPAID.where(
        tuple_(*ORDER)
        > tuple_(
            cast(bindparam("created_at", type_=Text), DateTime()),
            bindparam("cart_id", type_=BigInteger),
        ),
    ),
)


def _counted(paid: ColumnElement[int], *conditions: ColumnElement[bool]) -> Rows:
    return select(
        func.count().label("carts"),
        func.count().filter(CartRow.has_pay).label("with_pay"),
        paid.label("paid"),
    ).where(IN_DAYS, *conditions)


# Each half has an index of its own, by which a range of days is found.
HALVES: Final = union_all(
    _counted(func.count(), CartRow.paid_at.is_not(None)),
    _counted(literal(0, BigInteger), CartRow.paid_at.is_(None)),
).subquery()
IN_HALVES: Final = HotRead(
    select(*(func.sum(column).cast(BigInteger) for column in HALVES.c)),
)
# Of all days, all carts are read at once, by several processes.
EVER: Final = HotRead(_counted(func.count(CartRow.paid_at)))


async def read(session: AsyncSession, asked: PagedDays) -> Findings:
    """Read one page of the unpaid carts, and count them all."""
    binds = bind_days(asked)
    counts = EVER if asked.is_everything else IN_HALVES
    funnel = Funnel(*(await counts.fetch(session, **binds))[0])
    rows = await PAGE.fetch(
        session,
        limit=asked.per_page,
        offset=asked.paging.offset,
        **binds,
    )
    unpaid = funnel.carts - funnel.paid
    return Findings(
        answer=CartCount(unpaid),
        rows=[UnpaidCart(*row) for row in rows],
        funnel=funnel,
        total=unpaid,
    )


async def read_after(
    session: AsyncSession,
    asked: PagedDays,
    last: UnpaidCart | None,
) -> Sequence[UnpaidCart]:
    """Read the carts that follow ``last``, or the first ones."""
    binds = bind_days(asked)
    if last is None:
        rows = await PAGE.fetch(session, limit=BATCH_ROWS, offset=0, **binds)
    else:
        rows = await AFTER.fetch(
            session,
            limit=BATCH_ROWS,
            created_at=last.created_at.isoformat(),
            cart_id=last.cart_id,
            **binds,
        )
    return [UnpaidCart(*row) for row in rows]


UNPAID_CARTS: Final = LogReport(
    name=ReportName.UNPAID_CARTS,
    question="How many carts were never paid?",
    sentence="Never paid: {answer.carts} carts.",
    read=read,
    read_after=read_after,
)
