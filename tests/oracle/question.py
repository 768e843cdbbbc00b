"""What a report is asked about: a log, its countries and a range of days."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from tests.oracle.carts import Cart, count_orphans, read_carts
from tests.oracle.events import Address, Event, read_events
from tests.oracle.ranking import Document

Identity: TypeAlias = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Log:
    """A log that was read; ``countries`` knows the address or has no country."""

    events: list[Event]
    carts: list[Cart]
    orphans: int
    countries: Mapping[Address, str]


@dataclass(frozen=True, slots=True)
class Question:
    """A log and the parameters of one report; both days are inclusive."""

    log: Log
    first: date | None = None
    last: date | None = None
    category: str = ""
    scope: str = "category"

    @property
    def events(self) -> list[Event]:
        """Return the events of these days."""
        return [event for event in self.log.events if self._covers(event.at)]

    @property
    def carts(self) -> list[Cart]:
        """Return the carts that were created in these days."""
        return [cart for cart in self.log.carts if self._covers(cart.created_at)]

    @property
    def meta(self) -> Document:
        """Return the part of ``meta`` that every report has.

        A day that was not asked for is that of the first or last event counted.
        """
        days = [event.at.date() for event in self.events]
        return {
            "events": len(days),
            "from": _text(self.first or min(days, default=None)),
            "to": _text(self.last or max(days, default=None)),
            "orphans": self.log.orphans,
        }

    def count_countries(self, addresses: Iterable[Address]) -> Counter[str | None]:
        """Count the addresses by country; None counts those without one."""
        return Counter(map(self.log.countries.get, addresses))

    def _covers(self, moment: datetime) -> bool:
        first, last = self.first or date.min, self.last or date.max
        return first <= moment.date() <= last


def read_log(log: bytes, countries: Mapping[Address, str]) -> Log:
    """Read a log once for many questions."""
    return read_logs([log], frozenset(), countries)


def read_logs(
    logs: Sequence[bytes],
    deleted: Collection[int],
    countries: Mapping[Address, str],
) -> Log:
    """Read logs that came one after the other, some of which went out again.

    A line belongs to the log that brought it first, and goes out with it.
    """
    first: dict[Identity, tuple[int, Event]] = {}
    for number, log in enumerate(logs):
        for event in read_events(log):
            first.setdefault((event.at, event.key), (number, event))
    kept = [known for known in sorted(first) if first[known][0] not in deleted]
    return _to_log([first[known][1] for known in kept], countries)


def _to_log(events: list[Event], countries: Mapping[Address, str]) -> Log:
    return Log(events, read_carts(events), count_orphans(events), countries)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
