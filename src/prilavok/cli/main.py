"""The command ``prilavok``: its groups of commands and its errors."""

import sys
from collections.abc import Iterable
from typing import Final

import typer
from marshmallow import ValidationError

from prilavok.cli import (
    accounts,
    countries,
    database,
    demo,
    doctor,
    documents,
    jobs,
    logs,
    players,
    reports,
    serve,
    sessions,
    shell,
    sources,
    up,
    worker,
)
from prilavok.domain.errors import DomainError, Unavailable
from prilavok.settings import SettingsError

GROUPS: Final = (
    up,
    serve,
    worker,
    database,
    accounts,
    sessions,
    logs,
    demo,
    reports,
    countries,
    players,
    sources,
    jobs,
    doctor,
    documents,
    shell,
)


def main() -> None:
    """Run one command; what it refuses is said on stderr, with exit code 1."""
    cli = typer.Typer(
        help="The back office of an online shop.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    for group in GROUPS:
        group.register(cli)
    try:
        cli()
    except SettingsError as error:
        sys.exit(f"The settings need attention:\n{error}")
    except DomainError as error:
        sys.exit(_in_words(_with_cause(error), error.errors.items()))
    except ValidationError as error:
        sys.exit(_in_words("This cannot be done:", _messages(error)))


def _with_cause(error: DomainError) -> str:
    """Add what a server said that is away: who types commands may put it right."""
    cause = str(error.__cause__ or "") if isinstance(error, Unavailable) else ""
    return "\n".join((error.detail, *cause.splitlines()[:1]))


def _in_words(detail: str, places: Iterable[tuple[str, object]]) -> str:
    reasons = (f"{place}: {why}" for place, why in places if why != detail)
    return "\n".join((detail, *reasons))


def _messages(error: ValidationError) -> Iterable[tuple[str, object]]:
    found: dict[str, object] | list[str] = error.messages
    return found.items() if isinstance(found, dict) else [("", found)]
