"""Logs as the generator makes them up."""

from datetime import date

from prilavok.services.log_analytics.generator.made_log import made_log
from prilavok.services.log_analytics.generator.plan import LogPlan


def made_up_log(lines: int, seed: int = 0, days: int = 3) -> bytes:
    """Make a log of so many lines up."""
    return b"".join(made_log(LogPlan(lines, date(2026, 2, 27), days, seed)))
