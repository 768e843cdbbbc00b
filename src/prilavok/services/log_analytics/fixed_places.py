"""Reading what stands at fixed places of many lines at once: times and keys."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prilavok.services.log_analytics.blocks import Numbers
from prilavok.services.log_analytics.text import Characters

Flags: TypeAlias = NDArray[np.bool_]

# Which digits are which number.
MOMENT: Final = "YYYY-MM-DD hh:mm:ss"
PLACES: Final = MappingProxyType(
    {
        number: tuple(place for place, digit in enumerate(MOMENT) if digit == number)
        for number in "YMDhms"
    },
)
KEY: Final = range(8)

EPOCH_YEAR: Final = 1970
MONTHS: Final = 12
HOURS: Final = 24
SIXTY: Final = 60
MICROSECONDS: Final = 1_000_000

ASCII: Final = 128
DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KEY_BASE: Final = len(DIGITS)
# What each ASCII character is worth as a digit.
WORTH: Final = np.array(
    [max(0, DIGITS.find(chr(code))) for code in range(ASCII)],
    np.int64,
)


def read_times(text: Characters, at: Numbers) -> tuple[Numbers, Flags]:
    """Read the times that start at these places, and tell which of them exist.

    Times are in microseconds since 1970, in the shop's own time. Years start at 1;
    there are no leap seconds and no 24:00.
    """
    days, exists = _read_days(text, at)
    hour, minute, second = (_read(text, at, PLACES[unit]) for unit in "hms")
    exists &= (hour < HOURS) & (minute < SIXTY) & (second < SIXTY)
    seconds = ((days * HOURS + hour) * SIXTY + minute) * SIXTY + second
    return seconds * MICROSECONDS, exists


def read_keys(text: Characters, at: Numbers) -> Numbers:
    """Read the keys that start at these places as numbers of base 36."""
    return _read(text, at, KEY, KEY_BASE)


def _read_days(text: Characters, at: Numbers) -> tuple[Numbers, Flags]:
    year, month, day = (_read(text, at, PLACES[unit]) for unit in "YMD")
    first_day = _first_day(year, month)
    next_month = _first_day(year, month + 1)
    has_month = (year > 0) & (month > 0) & (month <= MONTHS)
    exists = has_month & (day > 0) & (first_day + day <= next_month)
    return first_day + day - 1, exists


def _first_day(year: Numbers, month: Numbers) -> Numbers:
    """Return the day since 1970 on which a month starts; month 13 is the next year."""
    months = (year - EPOCH_YEAR) * MONTHS + month - 1
    return months.astype("M8[M]").astype("M8[D]").astype(np.int64)


def _read(
    text: Characters,
    at: Numbers,
    places: Iterable[int],
    base: int = 10,
) -> Numbers:
    number: Numbers = np.zeros(len(at), np.int64)
    for place in places:
        number = number * base + WORTH[text[at + place]]
    return number
