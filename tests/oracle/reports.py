"""All seven reports by name, asked with the parameters that an answer shows."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from tests.oracle import cart_reports, request_reports
from tests.oracle.question import Log, Question
from tests.oracle.ranking import Document

REPORTS: Final = MappingProxyType[str, Callable[[Question], Document]](
    {
        "countries": request_reports.countries,
        "category-countries": request_reports.category_countries,
        "category-hours": request_reports.category_hours,
        "peak-hour": request_reports.peak_hour,
        "bought-together": cart_reports.bought_together,
        "unpaid-carts": cart_reports.unpaid_carts,
        "repeat-buyers": cart_reports.repeat_buyers,
    },
)


def tell(log: Log, report: str, parameters: Mapping[str, str | None]) -> Document:
    """Answer one report: what does not depend on when and by whom it is asked."""
    question = Question(
        log,
        _day(parameters["from"]),
        _day(parameters["to"]),
        parameters.get("category") or "",
        parameters.get("scope") or "",
    )
    return REPORTS[report](question)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
