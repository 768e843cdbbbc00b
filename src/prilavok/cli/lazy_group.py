"""Commands whose modules are imported when they are called.

The list of commands needs nothing but names and sentences, and a command only what
itself uses: `prilavok --help` and small commands do not wait for polars and the like.
"""

from importlib import import_module
from typing import Any, final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group
from typing_extensions import override

from prilavok.cli.catalogue import COMMANDS, HIDDEN


@final
class LazyGroup(TyperGroup):
    """All commands of the catalogue."""

    def __init__(self, **options: Any) -> None:
        """Show what the catalogue says."""
        super().__init__(**options)
        for name, (_, sentence) in COMMANDS.items():
            hidden = name in HIDDEN
            self.add_command(TyperCommand(name, short_help=sentence, hidden=hidden))

    @override
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is called, and import it."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, found and load_command(name or ""), rest


def load_command(name: str) -> Any:
    """Import the module of a command; it registers what it has."""
    module, _ = COMMANDS[name]
    cli = typer.Typer(add_completion=False, rich_markup_mode=None)
    import_module(f"prilavok.cli.{module}").register(cli)
    return get_group(cli).commands[name]
