"""What the two reports by country share."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Select, Table, func, select

from prilavok.repositories.log_reports.ranges import in_days


class CountryCounts(Protocol):
    """A row of either report."""

    @property
    def country(self) -> str | None:
        """ISO 3166 alpha-2; None where it is unknown."""


CountryCountsT = TypeVar("CountryCountsT", bound=CountryCounts)


def by_country(summary: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Count events and distinct visitors by country, from a summary by visitor.

    Visitors first, then countries: quicker than ``count(DISTINCT ...)``, which sorts.
    """
    visitors = (
        select(summary.c.country, func.sum(summary.c.events).label("events"))
        .where(in_days(summary.c.day), *conditions)
        .group_by(summary.c.country, summary.c.visitor_id)
        .subquery()
    )
    return select(
        visitors.c.country,
        func.sum(visitors.c.events).cast(BigInteger).label("events"),
        func.count().label("visitors"),
    ).group_by(visitors.c.country)


def rank(events: int, country: str | None) -> tuple[int, bool, str]:
    """Sort the largest first, then by name, and the unknown after its equals."""
    return -events, country is None, country or ""


def winner(rows: Sequence[CountryCountsT]) -> CountryCountsT | None:
    """Return the first row that has a country."""
    known = (row for row in rows if row.country is not None)
    return next(known, None)
