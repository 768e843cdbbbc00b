"""Commands for the countries of visitors."""

import sys
from math import inf

import typer

from prilavok.cli.output import AsJson, run, say
from prilavok.domain.countries import CountryStatus
from prilavok.schemas.countries import CountryStatusSchema
from prilavok.schemas.dump import compiled_dump
from prilavok.services.container import Services


def register(cli: typer.Typer) -> None:
    """Add this group of commands."""
    group = typer.Typer(help="Countries of visitors.", no_args_is_help=True)
    group.command("status")(show_status)
    group.command("resolve")(resolve)
    cli.add_typer(group, name="countries")


def show_status(as_json: AsJson = False) -> None:
    """Say who tells countries, how many visitors wait, and what is wrong."""
    status = run(lambda services: services.logs.countries.get_status())
    say(_in_words(status), _document(status), as_json=as_json)


def resolve(as_json: AsJson = False) -> None:
    """Find all countries that are open now; workers do so by themselves.

    A provider that wants to be left in peace is asked nevertheless. Exit code 1 when
    it fails.
    """
    settled, status = run(_resolve)
    document = _document(status) | {"settled": settled}
    say(f"{settled} settled. {_in_words(status)}", document, as_json=as_json)
    if status.unresolved:
        sys.exit(status.error or "A worker is at it; see `prilavok countries status`.")


async def _resolve(services: Services) -> tuple[int, CountryStatus]:
    countries = services.logs.countries
    settled = await countries.resolve(inf, is_patient=False)
    return settled, await countries.get_status()


def _document(status: CountryStatus) -> dict[str, object]:
    document: dict[str, object] = compiled_dump(CountryStatusSchema())(status)
    return document


def _in_words(status: CountryStatus) -> str:
    source = status.source or "Nobody yet"
    said = f"{source}; {status.unresolved} visitors wait."
    trouble = status.trouble
    return f"{said} {trouble}" if trouble else said
