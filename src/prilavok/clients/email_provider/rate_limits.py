"""When a provider wants to be left alone, and for how long."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import ceil
from time import monotonic
from typing import Final, final

from aiohttp import hdrs

from prilavok.domain.esp import LONGEST_PAUSE_SECONDS, EspRateLimited

DEFAULT_SECONDS: Final = 1
# Brevo's own; seconds until the budget is whole again.
REMAINING: Final = "x-sib-ratelimit-remaining"
RESET: Final = "x-sib-ratelimit-reset"


def retry_seconds(headers: Mapping[str, str]) -> int:
    """Read how long to wait, 1 s to an hour: ``Retry-After`` first, then Brevo's.

    ``Retry-After`` is seconds or a date (RFC 9110, 10.2.3). 1 s where neither is there
    or makes sense.
    """
    told = headers.get(hdrs.RETRY_AFTER, "").strip()
    waits = (_seconds(told), _until(told), _seconds(headers.get(RESET, "")))
    found = [wait for wait in waits if wait is not None]
    wait = found[0] if found else DEFAULT_SECONDS
    return max(DEFAULT_SECONDS, min(wait, LONGEST_PAUSE_SECONDS))


@final
class Pause:
    """Keeps this process from asking while the provider wants no calls."""

    def __init__(self) -> None:
        """Start without a pause."""
        self._ends = monotonic()

    def check(self) -> None:
        """Raise ``EspRateLimited`` during a pause."""
        left = self._ends - monotonic()
        if left > 0:
            raise limited(ceil(left))

    def begin(self, seconds: int) -> None:
        """Ask nothing for so long."""
        self._ends = max(self._ends, monotonic() + seconds)

    def heed(self, headers: Mapping[str, str]) -> None:
        """Begin a pause when this answer was the last that the budget allowed."""
        if headers.get(REMAINING, "").strip() == "0":
            self.begin(retry_seconds(headers))


def limited(seconds: int) -> EspRateLimited:
    """Describe a pause."""
    return EspRateLimited(f"It wants no calls for {seconds} s.", seconds)


def _seconds(text: str) -> int | None:
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()):
        return None
    # Longer ones mean the longest; Python itself refuses thousands of digits.
    return int(digits[: len(str(LONGEST_PAUSE_SECONDS)) + 1])


def _until(text: str) -> int | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    # Dates of HTTP are in GMT, also where one says nothing of it.
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return ceil((aware - datetime.now(UTC)).total_seconds())
