"""Reports 1 to 4: events by country and by time."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from itertools import product
from operator import itemgetter
from types import MappingProxyType
from typing import Final

from tests.oracle.events import Event
from tests.oracle.question import Question
from tests.oracle.ranking import Document, pick, ranked

PARTS: Final = ("night", "morning", "day", "evening")
SCOPES: Final = MappingProxyType(
    {
        "category": ("category",),
        "goods": ("goods",),
        "all": ("category", "goods"),
    },
)


def countries(question: Question) -> Document:
    """Report 1: requests by visitor country."""
    return _by_country(question, question.events, "requests")


def category_countries(question: Question) -> Document:
    """Report 2: views of the category by visitor country."""
    return _by_country(question, _views(question, SCOPES["all"]), "views")


def category_hours(question: Question) -> Document:
    """Report 3: views of the category by part of day; the earlier part on a tie."""
    views = _views(question, SCOPES[question.scope])
    parts = Counter(event.at.hour // 6 for event in views)
    rows = [{"part": PARTS[quarter], "views": parts[quarter]} for quarter in range(4)]
    largest_first = sorted(rows, key=itemgetter("views"), reverse=True)
    return {
        "answer": pick(largest_first, "part", "views") if views else None,
        "rows": rows,
        "heatmap": _heatmap(views),
        "meta": question.meta,
    }


def peak_hour(question: Question) -> Document:
    """Report 4: the calendar hour with most requests; the earliest on a tie."""
    hours = Counter(event.at.replace(minute=0, second=0) for event in question.events)
    peaks = _daily_peaks(hours)
    rows = [
        {
            "day": peak.date().isoformat(),
            "requests": hours[peak],
            "hour": peak.isoformat(),
        }
        for peak in peaks.values()
    ]
    largest_first = sorted(rows, key=itemgetter("requests"), reverse=True)
    return {
        "answer": pick(largest_first, "requests", "hour"),
        "rows": rows,
        "meta": question.meta,
    }


def _views(question: Question, kinds: Iterable[str]) -> list[Event]:
    return [
        event
        for event in question.events
        if event.kind in kinds and event.carries["category"] == question.category
    ]


def _heatmap(views: list[Event]) -> list[Document]:
    cells = Counter((event.at.isoweekday(), event.at.hour) for event in views)
    return [
        {"weekday": weekday, "hour": hour, "views": cells[weekday, hour]}
        for weekday, hour in product(range(1, 8), range(24))
    ]


def _daily_peaks(hours: Counter[datetime]) -> dict[date, datetime]:
    peaks: dict[date, datetime] = {}
    for hour in sorted(hours):
        best = peaks.setdefault(hour.date(), hour)
        if hours[hour] > hours[best]:
            peaks[hour.date()] = hour
    return peaks


def _by_country(question: Question, counted: list[Event], noun: str) -> Document:
    requests = question.count_countries(event.address for event in counted)
    visitors = question.count_countries({event.address for event in counted})
    rows = [
        {"country": country, noun: requests[country], "visitors": visitors[country]}
        for country in ranked(requests)
    ]
    return {
        "answer": pick(list(filter(itemgetter("country"), rows)), "country", noun),
        "rows": rows,
        "meta": question.meta | {"unknown": requests[None]},
    }
