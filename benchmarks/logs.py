"""``make bench``: how fast logs come in and go out, and how soon reports answer.

Everything is measured as a ratio within one run: absolute figures say more about the
machine than about us. An import is measured with all that belongs to it: parsing, the
search for duplicates, summaries, carts. ``--lines 10000000`` is the real thing, and
takes about a quarter of an hour; the goals for memory and speed are meant for it.
"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Annotated, Final, TypeAlias

import orjson
import typer
from benchmarks.log_database import empty, open_database, settle
from benchmarks.log_files import START, days_of, write_log, write_shuffled
from benchmarks.log_goals import (
    DENSE,
    EVERYTHING,
    GOALS,
    IMPORTING,
    THREE_MONTHS,
    Goal,
    gain,
    milliseconds,
    report_goals,
)
from benchmarks.log_importers import (
    copy_ready_rows,
    executemany,
    goaccess,
    import_beside,
    ours,
    run_child,
)
from benchmarks.log_reports import ask_events, ask_reports, three_months
from rich.console import Console
from rich.table import Table

from prilavok.embedded.postgres import PostgresUrls

Measured: TypeAlias = dict[str, float]

EVERY_DAY: Final = MappingProxyType[str, str]({})
SPEED: Final = "per_second"
# Figures above have no digits worth reading after the point.
LARGE: Final = 1000
# A log of a tenth stands beside the whole one, but not one so short that it is over
# before anything has warmed up.
PARTS: Final = 10
LEAST_PART: Final = 500_000
DENSE_LINES_A_DAY: Final = 1_000_000


def main(
    lines: Annotated[int, typer.Option(min=100_000)] = 1_000_000,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure; exit code 1 when a goal is missed."""
    with TemporaryDirectory() as folder, open_database(Path(folder)) as urls:
        bench = Bench(Path(folder), urls, lines)
        measured = bench.run(rounds)
    goals = (*GOALS, *report_goals())
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(measured))
    else:
        _show(measured, goals)
    sys.exit(not all(goal.is_met(measured) for goal in goals))


class Bench:
    """One run over a log of so many lines."""

    def __init__(self, folder: Path, urls: PostgresUrls, lines: int) -> None:
        """Name the files."""
        self._urls = urls
        self._lines = lines
        self._part = max(lines // PARTS, LEAST_PART)
        self._whole = folder / "whole.log"
        self._part_log = folder / "part.log"
        self._other = folder / "other.log"
        self._mixed = folder / "mixed.log"
        self._dense = folder / "dense.log"
        self._measured: Measured = {}

    def run(self, rounds: int) -> Measured:
        """Measure everything; return the figures by their names."""
        self._make_logs()
        self._compare([self._round() for _ in range(rounds)])
        self._bring_whole_in()
        settle(self._urls)
        self._ask(EVERYTHING)
        self._ask(THREE_MONTHS, three_months(START, days_of(self._lines)))
        self._ask_while_importing()
        self._ask_dense()
        return self._measured

    def _make_logs(self) -> None:
        days = days_of(self._lines)
        speed = write_log(self._whole, self._lines, days)
        write_log(self._part_log, self._part, days_of(self._part))
        write_log(self._other, self._part, days_of(self._part), seed=1)
        write_shuffled(self._mixed, self._part_log)
        dense_days = max(1, self._lines // DENSE_LINES_A_DAY)
        write_log(self._dense, self._lines, dense_days, seed=2)
        self._measured["generator, lines/s"] = speed

    def _round(self) -> Measured:
        """Let all take turns, so that a slow moment of the machine strikes all."""
        empty(self._urls)
        own = ours(self._urls, self._part_log)
        peers = {
            "executemany": executemany(self._urls, self._part_log),
            "COPY of ready rows": copy_ready_rows(self._urls),
            "GoAccess": goaccess(self._part_log, self._part),
        }
        again = ours(self._urls, self._part_log)
        empty(self._urls)
        mixed = ours(self._urls, self._mixed)
        speeds = {
            "a part": own[SPEED],
            **{f"{name}": speed for name, speed in peers.items() if speed},
        }
        ratios = {
            f"import / {name}": own[SPEED] / speed
            for name, speed in peers.items()
            if speed
        }
        return {
            **{f"{name}, lines/s": speed for name, speed in speeds.items()},
            **ratios,
            "same file again / first time": again[SPEED] / own[SPEED],
            "shuffled / ordered": mixed[SPEED] / own[SPEED],
            "peak at a part, MiB": own["peak"],
        }

    def _compare(self, rounds: list[Measured]) -> None:
        for name in rounds[0]:
            self._measured[name] = median(measured[name] for measured in rounds)

    def _bring_whole_in(self) -> None:
        empty(self._urls)
        whole = ours(self._urls, self._whole)
        other = ours(self._urls, self._other)
        settle(self._urls)
        deleted = run_child("delete", self._urls, other["id"])
        peak = self._measured["peak at a part, MiB"]
        self._measured |= {
            "whole, lines/s": whole[SPEED],
            "whole / a part": whole[SPEED] / self._measured["a part, lines/s"],
            "peak, MiB": whole["peak"],
            "peak / peak at a part": whole["peak"] / peak,
            "deleting a part, s": deleted["seconds"],
        }

    def _ask(self, when: str, query: Mapping[str, str] = EVERY_DAY) -> None:
        from_events = ask_events(self._urls, query)
        for name, taken in ask_reports(self._urls, query).items():
            self._measured |= {
                milliseconds(when, name): taken,
                gain(when, name): from_events[name] / taken,
            }

    def _ask_while_importing(self) -> None:
        """The import is that of the log that was deleted, so all of it is new."""
        with import_beside(self._urls, self._other):
            asked = ask_reports(self._urls, EVERY_DAY)
        self._measured |= {
            milliseconds(IMPORTING, name): taken for name, taken in asked.items()
        }

    def _ask_dense(self) -> None:
        empty(self._urls)
        dense = ours(self._urls, self._dense)
        settle(self._urls)
        self._measured["dense log, lines/s"] = dense[SPEED]
        self._ask(DENSE)


def _show(measured: Measured, goals: Iterable[Goal]) -> None:
    by_name = {goal.name: goal for goal in goals}
    table = Table("figure", "measured", "goal", "")
    for name, figure in measured.items():
        goal = by_name.get(name)
        verdict = "" if goal is None or goal.is_met(measured) else "missed"
        digits = 0 if figure > LARGE else 2
        table.add_row(name, f"{figure:,.{digits}f}", str(goal or ""), verdict)
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
