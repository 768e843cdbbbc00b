"""Commands that show what is served, read from the route lines; nothing must run."""

from collections.abc import Iterator

import orjson
import typer
from rich.console import Console
from rich.table import Table

from prilavok.cli.output import AsJson, show_json
from prilavok.transport.openapi import openapi_document
from prilavok.transport.routes import ROUTES


def register(cli: typer.Typer) -> None:
    """Add these commands."""
    cli.command()(routes)
    cli.command()(openapi)


def routes(as_json: AsJson = False) -> None:
    """Show the access matrix: who may call what."""
    lines = list(_lines())
    if as_json:
        show_json({"items": lines})
        return
    table = Table("method", "path", "allowed", box=None)
    for line in lines:
        table.add_row(*line.values())
    # As wide as it is: a path that is cut in the middle helps nobody.
    Console(soft_wrap=True).print(table)


def openapi(as_json: AsJson = False) -> None:
    """Write the OpenAPI document: indented, or with --json on one line."""
    document = openapi_document()
    if as_json:
        typer.echo(orjson.dumps(document))
    else:
        show_json(document)


def _lines() -> Iterator[dict[str, str]]:
    for route in ROUTES:
        allowed = route.allow.value
        if route.own:
            allowed = f"{allowed}, or on one's own account"
        for path in (route.path, *route.aliases):
            yield {"method": route.method, "path": path, "allowed": allowed}
