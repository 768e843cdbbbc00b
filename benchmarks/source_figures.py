"""Figures of sources: their names, the goal, and how they are shown."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from rich.console import Console
from rich.table import Column, Table

SIZES: Final = (3, 30, 300)
SLOWEST_MS: Final = 500
# How much longer than its slowest source an answer may take, fetched by the default.
GOAL: Final = 1.05
SERVICE: Final = "service, {kind}"
JUDGED: Final = ("asyncio", SERVICE.format(kind="asyncio"))
WIDTH: Final = 120
PROGRESS: Final = Console(stderr=True)

Figures: TypeAlias = dict[str, float]


def ratio_to_slowest(seconds: float) -> float:
    """Compare with the slowest source."""
    return round(seconds * 1000 / SLOWEST_MS, 3)


def ratio_of(size: int) -> str:
    """Name the ratio with so many sources."""
    return f"ratio_{size}"


def rate_of(size: int) -> str:
    """Name the answers a second with so many sources."""
    return f"per_second_{size}"


def is_missed(measured: Mapping[str, Figures]) -> bool:
    """Tell whether the default misses the goal, with or without the service."""
    ratios = [measured[kind][ratio_of(size)] for kind in JUDGED for size in SIZES]
    return max(ratios) > GOAL


def tell(kind: str, size: int, figures: Figures) -> None:
    """Tell on stderr what has just been measured."""
    told = f"{kind}, {size} sources: {figures[ratio_of(size)]:.3f} x"
    rate = figures.get(rate_of(size))
    PROGRESS.print(told if rate is None else f"{told}, {rate:.0f} req/s")


def show(measured: Mapping[str, Figures]) -> None:
    """Print the table; it marks where the goal is missed."""
    ratios = [f"{size}: time" for size in SIZES]
    rates = [f"{size}: req/s" for size in SIZES]
    columns = (Column(name, no_wrap=True) for name in ("fetched by", *ratios, *rates))
    table = Table(*columns, box=None)
    for kind, figures in measured.items():
        shown = [_shown(kind, figures[ratio_of(size)]) for size in SIZES]
        rated = [str(figures.get(rate_of(size), "")) for size in SIZES]
        table.add_row(kind, *shown, *rated)
    # Wide enough also where there is no terminal.
    Console(width=WIDTH).print(table)


def _shown(kind: str, ratio: float) -> str:
    missed = " missed" if kind in JUDGED and ratio > GOAL else ""
    return f"{ratio:.3f} x{missed}"
