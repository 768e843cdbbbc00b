"""Sparing a provider that keeps failing, and ourselves the wait for it."""

from collections.abc import Callable
from enum import StrEnum, unique
from typing import Final, final

FAILURES: Final = 5


@unique
class BreakerState(StrEnum):
    """Whether anybody is let through: all, one who probes, or nobody."""

    CLOSED = "closed"
    HALF_OPEN = "half-open"
    OPEN = "open"


@final
class Breaker:
    """Of one process. Opens after some failures in a row, or when told to.

    After its time it is half open: one caller probes, and a success closes it. Whoever
    is admitted calls ``note_good``, ``note_bad`` or ``give_back``.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start closed; ``clock`` counts seconds."""
        self._clock = clock
        self._failures = 0
        self._is_probed = False
        self._open_until = float("-inf")

    @property
    def state(self) -> BreakerState:
        """Tell the state now."""
        if self._clock() < self._open_until:
            return BreakerState.OPEN
        is_shaken = self._failures >= FAILURES
        return BreakerState.HALF_OPEN if is_shaken else BreakerState.CLOSED

    @property
    def seconds_left(self) -> float:
        """Tell how long it stays open."""
        return max(0, self._open_until - self._clock())

    def admits(self) -> bool:
        """Let the caller through or not."""
        state = self.state
        if state is BreakerState.CLOSED:
            return True
        if state is BreakerState.OPEN or self._is_probed:
            return False
        self._is_probed = True
        return True

    def note_good(self) -> None:
        """Learn that the provider answers."""
        self._failures = 0
        self._is_probed = False
        self._open_until = float("-inf")

    def note_bad(self) -> bool:
        """Learn that it does not; tell whether that is once too often."""
        self._failures += 1
        self._is_probed = False
        return self._failures >= FAILURES

    def open_for(self, seconds: float) -> None:
        """Let nobody through for so long, and after that one first."""
        self._failures = max(self._failures, FAILURES)
        self._is_probed = False
        self._open_until = max(self._open_until, self._clock() + seconds)

    def give_back(self) -> None:
        """Take the permission back of who did not ask after all."""
        self._is_probed = False
