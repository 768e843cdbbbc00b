"""What is to be made up."""

from dataclasses import dataclass
from datetime import date
from typing import Final, final

DEFAULT_DAYS: Final = 14
LINES_A_VISITOR: Final = 25
FEWEST_VISITORS: Final = 60
HOURS_A_DAY: Final = 24


@final
@dataclass(frozen=True, slots=True)
class LogPlan:
    """A log of exactly so many lines; the same plan makes the same log."""

    lines: int
    start: date
    days: int = DEFAULT_DAYS
    seed: int = 0
    shop_host: str = "all_to_the_bottom.com"

    @property
    def visitors(self) -> int:
        """Count the addresses that may come."""
        return max(FEWEST_VISITORS, self.lines // LINES_A_VISITOR)

    @property
    def hours(self) -> int:
        """Count the hours from start to end."""
        return self.days * HOURS_A_DAY
