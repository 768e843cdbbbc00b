"""A report as it is answered: what was asked, what was found, and in which data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import final

from prilavok.domain.reports.cart_rows import Funnel
from prilavok.domain.reports.questions import Days, ReportName
from prilavok.domain.reports.request_rows import HourViews


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one report found; below ``rows`` stands what only some reports have.

    ``answer`` has the fields that the report promises; None: nothing was counted.
    ``unknown``: requests of visitors without a country. ``total``: rows on all pages.
    """

    answer: object
    rows: Sequence[object]
    unknown: int = 0
    heatmap: Sequence[HourViews] = ()
    funnel: Funnel | None = None
    total: int = 0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DataRange:
    """The data behind a report.

    ``events``: valid requests of the days asked for. The days: as asked for, else
    those of the first and the last of these events. ``orphans``: pay and success lines
    of carts that nobody opened, in all data. ``imported_at``: end of the last import.
    ``country_source``: who tells countries; None until somebody did. ``unresolved``:
    visitors whose country he has not told yet, counted up to ``MAX_COUNTED``.
    """

    events: int
    first_day: date | None
    last_day: date | None
    orphans: int
    imported_at: datetime | None
    country_source: str | None
    unresolved: int


@final
@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """One line of the catalogue; ``parameters`` maps each name to its default."""

    name: ReportName
    question: str
    parameters: Mapping[str, str | None]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What a reader should know beside the answer.

    ``country_source`` says who told the countries; ``unknown`` and ``funnel`` are
    for the reports that have them.
    """

    data_range: DataRange
    country_source: str
    unknown: int
    funnel: Funnel | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report, answered; ``sentence`` says the answer in words."""

    name: ReportName
    question: str
    sentence: str
    parameters: Days
    findings: Findings
    meta: Meta
