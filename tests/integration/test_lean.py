"""What commands import, which decides how fast they are and how much they hold."""

import sys
from subprocess import check_output
from typing import Final

import pytest

from prilavok.cli.catalogue import COMMANDS, HIDDEN
from prilavok.cli.lazy_group import load_command

# Seconds and tens of megabytes each.
COLUMNS: Final = ("polars", "pyarrow", "numpy")
DATABASE: Final = ("sqlalchemy", "asyncpg", "alembic")
HELP: Final = """
import sys
from contextlib import redirect_stdout, suppress
from prilavok.cli.main import main
sys.argv = ["prilavok", "--help"]
with suppress(SystemExit), redirect_stdout(sys.stderr):
    main()
"""
LIST: Final = "\nimport sys; print(*sys.modules)"
# Everything that the command calls while it runs is imported with its module.
CALLED: Final = "from prilavok.cli.lazy_group import load_command; load_command({!r})"


def imported(script: str) -> set[str]:
    """Return the packages that a script has imported at its end."""
    listed = check_output([sys.executable, "-c", script + LIST], text=True)
    return {name.partition(".")[0] for name in listed.split()}


def test_help_imports_no_command() -> None:
    """Not even settings."""
    heavy = {*COLUMNS, *DATABASE, "rich", "marshmallow", "aiohttp", "redis", "asyncio"}

    assert not heavy & imported(HELP)


@pytest.mark.parametrize("command", ["up", "scheduler"])
def test_what_always_runs_needs_no_database(command: str) -> None:
    """Nor anything that reads logs."""
    loaded = imported(CALLED.format(command))

    assert "prilavok" in loaded
    assert not {*COLUMNS, *DATABASE, "aiohttp", "gunicorn"} & loaded


@pytest.mark.parametrize("command", ["worker", "users", "prepare"])
def test_only_who_reads_logs_imports_polars(command: str) -> None:
    """A worker does when the first log comes."""
    assert not {"polars", "pyarrow"} & imported(CALLED.format(command))


@pytest.mark.parametrize("command", ["users", "admin", "sessions"])
def test_commands_on_accounts_load_no_other_feature(command: str) -> None:
    """They answer within a fraction of a second."""
    script = CALLED.format(command) + "; import prilavok.assembly.accounts"
    heavy = {*COLUMNS, "aiohttp", "obstore", "geoip2fast", "zxcvbn", "maxminddb"}

    assert not heavy & imported(script)


def test_neither_does_the_web_service() -> None:
    """Its master has not even the application."""
    assert "sqlalchemy" not in imported(CALLED.format("serve"))
    assert not {"polars", "pyarrow"} & imported("import prilavok.cli.web_runner")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_of_a_command_what_the_command_says(name: str) -> None:
    """The sentence stands in the catalogue, too, so that help need not import it."""
    command = load_command(name)

    assert command.help.split("\n\n")[0].replace("\n", " ") == COMMANDS[name][1]
    assert command.hidden == (name in HIDDEN)
