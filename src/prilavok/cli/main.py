"""The command ``prilavok``: its groups of commands and its errors."""

import sys

import typer

from prilavok.cli.lazy_group import LazyGroup


def main() -> None:
    """Run one command; what it refuses is said on stderr, with exit code 1."""
    cli = typer.Typer(
        cls=LazyGroup,
        help="The back office of an online shop.",
        no_args_is_help=True,
        # Boxes and colours would take longer than all the rest of `--help`.
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    # A group without commands of its own needs a callback.
    cli.callback()(_start)
    try:
        cli()
    except Exception as error:
        # What may be refused has to do with settings and data; help has not.
        from prilavok.cli.refusals import refusal_in_words

        refusal = refusal_in_words(error)
        if refusal is None:
            raise
        sys.exit(refusal)


def _start() -> None:
    """The back office of an online shop."""
