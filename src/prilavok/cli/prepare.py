"""What ``prilavok up`` has to do before it serves, in a process that ends.

Migrations and imports load much that the supervisor would keep for as long as it runs.
"""

import sys
from collections.abc import Callable
from functools import partial
from typing import Annotated, Final

import orjson
import typer

from prilavok.cli.database import migrate
from prilavok.cli.demo import follow_moves, prepare_sample
from prilavok.cli.first_administrator import make_administrator
from prilavok.settings import load_settings
from prilavok.stopping import told_to_stop

SAMPLE: Final = "A made-up sample log is in; `prilavok demo clear` takes it out."
Moves = Annotated[str, typer.Option(help="JSON object: old addresses and new ones.")]


def register(cli: typer.Typer) -> None:
    """Add this command."""
    cli.command(hidden=True)(prepare)


def prepare(moves: Moves = "{}") -> None:
    """Prepare the database for `up`, which calls this.

    Writes on standard output which password is right, or nothing when told to stop.
    """
    steps: tuple[Callable[[], None], ...] = (
        migrate,
        _bring_sample_in,
        _make_administrator,
        partial(follow_moves, orjson.loads(moves)),
    )
    with told_to_stop() as stopping:
        for step in steps:
            if not stopping.is_set():
                step()


def _make_administrator() -> None:
    sys.stdout.write(make_administrator(load_settings()))


def _bring_sample_in() -> None:
    if prepare_sample():
        typer.echo(SAMPLE, err=True)
