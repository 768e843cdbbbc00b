"""Commands around the made-up sample, and what `up` does for demonstration."""

import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Final

import typer

from prilavok.cli.output import AsJson, run, say
from prilavok.services.log_analytics.generator.plan import DEFAULT_DAYS, LogPlan
from prilavok.settings import Settings, load_settings

DEFAULT_LINES: Final = 20_000
MOST_DAYS: Final = 36_500

Lines = Annotated[int, typer.Option(min=0, help="How many lines.")]
Seed = Annotated[int, typer.Option(min=0, max=MOST_DAYS, help="Another log for each.")]
Start = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="First day; by default the last days."),
]
Days = Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How many days.")]


def register(cli: typer.Typer) -> None:
    """Add this group of commands."""
    group = typer.Typer(help="The made-up sample log.", no_args_is_help=True)
    group.command("log")(write_log)
    group.command("clear")(clear)
    cli.add_typer(group, name="demo")


def write_log(
    lines: Lines = DEFAULT_LINES,
    seed: Seed = 0,
    start: Start = None,
    days: Days = DEFAULT_DAYS,
) -> None:
    """Write a made-up log to standard output; same options, same log."""
    # With polars: `prilavok up` uses the rest of this module at every start.
    from prilavok.services.log_analytics.generator.made_log import made_log

    settings = load_settings()
    first_day = start.date() if start else shop_today(settings) - timedelta(days=days)
    plan = LogPlan(lines, first_day, days, seed, settings.shop_host)
    for piece in made_log(plan):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def clear(as_json: AsJson = False) -> None:
    """Take the sample out of all reports; it does not come back."""
    deleted = run(lambda services: services.logs.sample.clear())
    done = "The sample is gone." if deleted else "There was no sample."
    say(done, {"deleted": deleted}, as_json=as_json)


def follow_moves(moves: Mapping[str, str]) -> None:
    """Let stored sources follow demo servers that had to take other ports."""
    if moves:
        run(lambda services: services.source_seeding.readdress(moves))


def prepare_sample() -> bool:
    """Bring the sample in where no log ever came; tell whether that was done."""
    today = shop_today(load_settings())
    return run(lambda services: services.logs.sample.prepare(today))


def shop_today(settings: Settings) -> date:
    """Return the day that it is in the shop."""
    return datetime.now(settings.shop_timezone).date()
