"""What the tables must hold, computed from logs in plain Python."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from typing import Any, TypeAlias

from tests.logs.expected_carts import cart_tables
from tests.logs.reference_parser import Request, read_log

Table: TypeAlias = list[tuple[Any, ...]]


def expected_tables(
    logs: Iterable[bytes],
    deleted: Container[int] = (),
) -> dict[str, Table]:
    """Bring the logs in, one after the other, and take some out again.

    A line belongs to the log that brought it first and goes out with it.
    """
    events = _events(logs, deleted)
    views = [event for event in events if event.kind in {"CATEGORY", "GOODS"}]
    return {
        "events": [(one.at, one.key, one.address, one.page) for one in events],
        "visitors": sorted({(one.address,) for one in events}),
        "visitor_days": _counted((one.at.date(), one.address) for one in events),
        "category_visitor_days": _counted(
            (one.category, one.at.date(), one.address) for one in views
        ),
        "day_hours": sorted(
            _counted(("", "ALL", one.at.date(), one.at.hour) for one in events)
            + _counted(
                (one.category, one.kind, one.at.date(), one.at.hour) for one in views
            ),
        ),
        **cart_tables(events),
    }


def _events(logs: Iterable[bytes], deleted: Container[int]) -> Sequence[Request]:
    first: dict[Any, tuple[int, Request]] = {}
    for number, log in enumerate(logs):
        for request in read_log(log).requests:
            first.setdefault((request.at, request.key), (number, request))
    return [
        one for _, (brought, one) in sorted(first.items()) if brought not in deleted
    ]


def _counted(keys: Iterable[tuple[Any, ...]]) -> Table:
    return sorted((*key, count) for key, count in Counter(keys).items())
