"""Commands that change the shape of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

ALEMBIC_INI: Final = Path(__file__).parents[3] / "alembic.ini"
Revision = Annotated[str, typer.Argument(help="Revision to go to, up or down.")]


def register(cli: typer.Typer) -> None:
    """Add these commands."""
    cli.command()(migrate)
    # Relative revisions such as -1 look like options.
    cli.command(context_settings={"ignore_unknown_options": True})(downgrade)


def newest_revision() -> str:
    """Name the revision that this version of the service needs."""
    return ScriptDirectory.from_config(Config(ALEMBIC_INI)).get_current_head() or ""


def migrate(revision: Revision = "head") -> None:
    """Bring the database to a revision, by default the newest."""
    with _known_revisions():
        command.upgrade(Config(ALEMBIC_INI), revision)


def downgrade(revision: Revision) -> None:
    """Take the database back to an older revision; -1 is the one before."""
    with _known_revisions():
        command.downgrade(Config(ALEMBIC_INI), revision)


@contextmanager
def _known_revisions() -> Iterator[None]:
    """Say in words what alembic refuses: there is no such revision, or no way to it."""
    try:
        yield
    except CommandError as error:
        raise typer.BadParameter(str(error)) from error
