"""Conditions on days, and how the days that were asked for are bound to them.

Days travel as numbers: asyncpg sends ``date.min`` and ``date.max`` as the infinities,
but to a shop log the first and the last day of the calendar are days like others.
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    and_,
    bindparam,
    cast,
    literal_column,
)
from sqlalchemy.orm import InstrumentedAttribute

from prilavok.domain.reports.questions import Days

# Plus an ordinal as Python counts them: 1 is the first of January of the year 1.
BEFORE_ALL_DAYS: Final = literal_column("DATE '0001-12-31 BC'", Date)
FIRST_DAY: Final = BEFORE_ALL_DAYS + bindparam("first_day", type_=Integer)
LAST_DAY: Final = BEFORE_ALL_DAYS + bindparam("last_day", type_=Integer)
DAY_AFTER: Final = LAST_DAY + literal_column("1", Integer)


def in_days(column: Column[Any]) -> ColumnElement[bool]:
    """Keep the rows of these days."""
    return column.between(FIRST_DAY, LAST_DAY)


def created_in_days(column: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    """Keep what was created on these days."""
    return and_(
        column >= cast(FIRST_DAY, DateTime()),
        column < cast(DAY_AFTER, DateTime()),
    )


def bind_days(days: Days) -> dict[str, int]:
    """Bind either condition."""
    return {
        "first_day": (days.first_day or date.min).toordinal(),
        "last_day": (days.last_day or date.max).toordinal(),
    }
