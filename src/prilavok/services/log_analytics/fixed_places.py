"""Reading what stands at fixed places of many lines at once: times and keys."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from prilavok.services.log_analytics.blocks import Characters, Numbers

Flags: TypeAlias = NDArray[np.bool_]
Digits: TypeAlias = NDArray[np.uint8]
Shorts: TypeAlias = NDArray[np.int32]

# Which digits are which number.
MOMENT: Final = "YYYY-MM-DD hh:mm:ss"
PLACES: Final = MappingProxyType(
    {
        number: tuple(place for place, digit in enumerate(MOMENT) if digit == number)
        for number in "YMDhms"
    },
)
KEY: Final = range(8)
HALVES: Final = (KEY[:4], KEY[4:])

EPOCH_YEAR: Final = 1970
MONTHS: Final = 12
HOURS: Final = 24
SIXTY: Final = 60
DAY_SECONDS: Final = 86_400
MICROSECONDS: Final = 1_000_000

ZERO: Final = ord("0")
# Letters come next to the nine as digits, but not as characters.
GAP: Final = ord("A") - ord("9") - 1
KEY_BASE: Final = 36
HALF_KEY: Final = KEY_BASE**4


def read_times(text: Characters, at: Numbers) -> tuple[Numbers, Flags]:
    """Read the times that start at these places, and tell which of them exist.

    Times are in microseconds since 1970, in the shop's own time. Years start at 1;
    there are no leap seconds and no 24:00.
    """
    digits = _read_digits(text, at, len(MOMENT))
    days, is_day = _read_days(digits)
    seconds, is_second = _read_seconds(digits)
    return (days * DAY_SECONDS + seconds) * MICROSECONDS, is_day & is_second


def read_keys(text: Characters, at: Numbers) -> Numbers:
    """Read the keys that start at these places as numbers of base 36."""
    digits = _read_digits(text, at, len(KEY))
    digits -= (digits > 9).astype(np.uint8) * GAP
    high, low = (_number(digits, half, KEY_BASE) for half in HALVES)
    keys: Numbers = high.astype(np.int64) * HALF_KEY + low
    return keys


def _read_digits(text: Characters, at: Numbers, size: int) -> Digits:
    """Return how far so many characters at these places are from zero, one a row."""
    if not len(at):
        return np.zeros((size, 0), np.uint8)
    words = sliding_window_view(text, size)[at]
    # Rows one after the other: each is read as a whole.
    return np.subtract(words.T, ZERO, order="C", dtype=np.uint8)


def _read_days(digits: Digits) -> tuple[Numbers, Flags]:
    year, month, day = (_number(digits, PLACES[unit]) for unit in "YMD")
    first_day, next_month = _first_days((year - EPOCH_YEAR) * MONTHS + month - 1)
    has_month = (year > 0) & (month > 0) & (month <= MONTHS)
    days = first_day + day
    return days - 1, has_month & (day > 0) & (days <= next_month)


def _read_seconds(digits: Digits) -> tuple[Shorts, Flags]:
    hour, minute, second = (_number(digits, PLACES[unit]) for unit in "hms")
    exists = (hour < HOURS) & (minute < SIXTY) & (second < SIXTY)
    return (hour * SIXTY + minute) * SIXTY + second, exists


def _first_days(months: Shorts) -> tuple[Numbers, Numbers]:
    """Return the days since 1970 on which these months and the next ones start."""
    first = months.min(initial=0)
    all_months = np.arange(first, months.max(initial=0) + 2)
    starts = all_months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    places = months - first
    return starts[places], starts[places + 1]


def _number(
    digits: Digits,
    places: Iterable[int],
    base: int = 10,
) -> Shorts:
    """Read a number of four digits at most, which needs no wider integers."""
    number: Shorts = np.zeros(digits.shape[1], np.int32)
    for place in places:
        number *= base
        number += digits[place]
    return number
