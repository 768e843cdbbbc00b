"""What the shop-log part is to reach, by the names of the figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from typing_extensions import override

from prilavok.domain.reports.questions import ReportName

EVERYTHING: Final = "everything"
THREE_MONTHS: Final = "three months"
IMPORTING: Final = "while importing"
DENSE: Final = "dense log"
# Reports that tell visitors or buyers apart may take longer.
DISTINCT: Final = frozenset(
    (ReportName.COUNTRIES, ReportName.CATEGORY_COUNTRIES, ReportName.REPEAT_BUYERS),
)
DISTINCT_MS: Final = 100
OTHERS_MS: Final = 50
RANGE_MS: Final = 30
# So many times that much is allowed while an import runs.
BUSY: Final = 3
TIMES_EVENTS: Final = 8


@final
@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that must be at least, or at most, so much."""

    name: str
    least: float | None = None
    most: float | None = None

    def is_met(self, measured: Mapping[str, float]) -> bool:
        """Tell; what was not measured, as without GoAccess, is not missed."""
        figure = measured.get(self.name)
        if figure is None:
            return True
        if self.least is not None and figure < self.least:
            return False
        return self.most is None or figure <= self.most

    @override
    def __str__(self) -> str:
        """Show the limit."""
        if self.least is not None:
            return f">= {self.least:g}"
        return f"<= {self.most:g}"


GOALS: Final = (
    Goal("generator, lines/s", least=300_000),
    Goal("import / executemany", least=7),
    Goal("import / GoAccess", least=2),
    Goal("import / COPY of ready rows", least=0.4),
    Goal("same file again / first time", least=1),
    Goal("shuffled / ordered", least=0.35),
    Goal("whole / a part", least=0.8),
    Goal("peak, MiB", most=350),
    Goal("peak / peak at a part", most=1.2),
    Goal("deleting a part, s", most=5),
)


def report_goals() -> tuple[Goal, ...]:
    """Return what every report is to reach."""
    return tuple(goal for name in ReportName for goal in _goals_of(name))


def _goals_of(name: ReportName) -> tuple[Goal, ...]:
    most = DISTINCT_MS if name in DISTINCT else OTHERS_MS
    return (
        Goal(milliseconds(EVERYTHING, name), most=most),
        Goal(gain(EVERYTHING, name), least=TIMES_EVENTS),
        Goal(milliseconds(THREE_MONTHS, name), most=RANGE_MS),
        Goal(milliseconds(IMPORTING, name), most=BUSY * most),
        Goal(milliseconds(DENSE, name), most=most),
    )


def milliseconds(when: str, name: ReportName) -> str:
    """Name the figure of how long a report takes."""
    return f"{when}: {name}, ms"


def gain(when: str, name: ReportName) -> str:
    """Name the figure of how much longer the events take to answer."""
    return f"{when}: {name}, events / report"
