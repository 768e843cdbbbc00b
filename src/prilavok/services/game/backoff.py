"""When the provider is asked for the same email again."""

from datetime import timedelta
from random import uniform
from typing import Final

from prilavok.domain.esp import EspRateLimited, EspUnavailable

FIRST_SECONDS: Final = 2.0
LONGEST_SECONDS: Final = 50.0
# Beyond that the longest pause has been reached, and powers grow without need.
DOUBLINGS: Final = 5
# So that what failed together does not come back together.
SPREAD: Final = 1.2


def pause_after(attempts: int, error: EspUnavailable) -> timedelta:
    """Wait 2 s after the first attempt, twice as long after each, at most a minute.

    A provider that limits us is asked when it says, one that is down not before.
    """
    if isinstance(error, EspRateLimited):
        return timedelta(seconds=error.retry_after)
    doubled = FIRST_SECONDS * 2 ** min(attempts - 1, DOUBLINGS)
    pause = min(doubled, LONGEST_SECONDS) * uniform(1, SPREAD)
    return timedelta(seconds=max(pause, error.retry_after))
