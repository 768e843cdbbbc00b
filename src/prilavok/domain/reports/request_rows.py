"""Rows of the reports that count requests; the winning row is the answer."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from typing import final


@unique
class DayPart(StrEnum):
    """A quarter of the day: from hour 0, 6, 12 and 18, each six hours long."""

    NIGHT = "night"
    MORNING = "morning"
    DAY = "day"
    EVENING = "evening"


@final
@dataclass(frozen=True, slots=True)
class CountryRequests:
    """Requests from a country, ISO 3166 alpha-2; None: those of unknown ones."""

    country: str | None
    requests: int
    visitors: int


@final
@dataclass(frozen=True, slots=True)
class CountryViews:
    """Views of one category from a country; None: those of unknown ones."""

    country: str | None
    views: int
    visitors: int


@final
@dataclass(frozen=True, slots=True)
class PartViews:
    """Views of one category in a part of the day."""

    part: DayPart
    views: int


@final
@dataclass(frozen=True, slots=True)
class HourViews:
    """Views of one category in an hour (0 to 23) of a weekday (Monday is 1)."""

    weekday: int
    hour: int
    views: int


@final
@dataclass(frozen=True, slots=True)
class DayPeak:
    """The busiest calendar hour of a day, named by its beginning."""

    day: date
    requests: int
    hour: datetime
