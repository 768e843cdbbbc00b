"""Sparing sources that keep failing, and ourselves the wait for them.

An own breaker: purgatory's counts exceptions, where our failures are values, takes a
caller who leaves for one, and lets everybody probe at once when half open.
"""

from collections.abc import Callable, Iterable
from typing import Final, final
from uuid import UUID

from prilavok.domain.source_items import SourceTarget

FAILURES: Final = 5
OPEN_SECONDS: Final = 10


@final
class Breaker:
    """Of one version of one source.

    Opens after so many failures in a row; after a while it is half open: one caller
    probes, and a success closes it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start closed."""
        self._clock = clock
        self._failures = 0
        self._shut_until = float("-inf")

    def admits(self) -> bool:
        """Tell whether to ask; when half open, only the first caller hears yes."""
        if self._failures < FAILURES:
            return True
        now = self._clock()
        if now < self._shut_until:
            return False
        self._shut_until = now + OPEN_SECONDS
        return True

    def note(self, *, is_good: bool) -> None:
        """Learn how asking went."""
        self._failures = 0 if is_good else self._failures + 1
        self._shut_until = self._clock() + OPEN_SECONDS


@final
class Breakers:
    """One breaker a source; an edited source starts with a new one.

    Whoever still asks the source as it was before changes nothing in the new one.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Count the time by this clock, in seconds."""
        self._clock = clock
        self._breakers: dict[tuple[UUID, int], Breaker] = {}

    def find(self, target: SourceTarget) -> Breaker:
        """Return the breaker of this source as it stands now."""
        key = (target.id, target.version)
        breaker = self._breakers.get(key)
        if breaker is None:
            breaker = Breaker(self._clock)
            self._breakers[key] = breaker
        return breaker

    def keep(self, targets: Iterable[SourceTarget]) -> None:
        """Forget all but these: the others are gone, or were edited."""
        present = {(target.id, target.version) for target in targets}
        for key in self._breakers.keys() - present:
            self._breakers.pop(key)
