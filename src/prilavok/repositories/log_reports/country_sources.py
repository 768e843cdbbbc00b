"""Who has told the countries, and how many visitors wait for theirs."""

from typing import Any, Final

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from prilavok.domain.countries import (
    MAX_COUNTED,
    CountryFailure,
    CountryStatus,
    describe_source,
)
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.tables.countries import CountrySourceRow
from prilavok.repositories.tables.shop_logs import VisitorRow


def _current(column: InstrumentedAttribute[Any]) -> Any:
    return select(column).where(CountrySourceRow.is_current).scalar_subquery()


def _waiting(condition: ColumnElement[bool]) -> Any:
    return select(literal(1)).where(condition).limit(MAX_COUNTED)


# Until there is a source everybody waits. Two ranges of the index, which an inequality
# would not be.
NUMBER: Final = func.coalesce(_current(CountrySourceRow.country_source_id), -1)
WAITING: Final = union_all(
    _waiting(VisitorRow.country_source_id < NUMBER),
    _waiting(VisitorRow.country_source_id > NUMBER),
).subquery()
UNRESOLVED: Final = select(
    func.least(func.count(), MAX_COUNTED).label("unresolved"),
).select_from(WAITING)
TITLE: Final = _current(CountrySourceRow.title).label("title")
ANSWERS_SINCE: Final = _current(CountrySourceRow.answers_since).label("answers_since")
STATUS: Final = HotRead(
    select(
        UNRESOLVED.scalar_subquery().label("unresolved"),
        TITLE,
        ANSWERS_SINCE,
        *(
            _current(column).label(column.key)
            for column in (
                CountrySourceRow.failure,
                CountrySourceRow.error,
                CountrySourceRow.failures,
                CountrySourceRow.retry_at,
            )
        ),
    ),
)


def name_source(row: Any) -> str | None:
    """Name the current source by a row's ``TITLE`` and ``ANSWERS_SINCE``."""
    title: str | None = row["title"]
    return title and describe_source(title, row["answers_since"])


async def read_country_status(session: AsyncSession) -> CountryStatus:
    """Tell how far countries are known."""
    rows = await STATUS.fetch(session)
    row = rows[0]
    failure = row["failure"]
    return CountryStatus(
        source=name_source(row),
        unresolved=row["unresolved"],
        failure=failure and CountryFailure(failure),
        error=row["error"],
        failures=row["failures"] or 0,
        retry_at=row["retry_at"],
        answers_since=row["answers_since"],
    )
