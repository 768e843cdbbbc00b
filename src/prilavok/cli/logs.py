"""Commands that bring logs in, list and delete them."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Final, TypeAlias
from uuid import UUID

import typer
from marshmallow import Schema

from prilavok.cli.import_progress import ImportProgress, import_progress
from prilavok.cli.operator import operator
from prilavok.cli.output import AsJson, run, say, show_items
from prilavok.domain.imports import (
    CheckedLog,
    Import,
    ImportState,
    UnreadableLog,
)
from prilavok.schemas.imports import CheckedLogSchema, ImportSchema
from prilavok.services.container import Services
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.log_file import LogFile, open_log

COLUMNS: Final = ("id", "name", "state", "lines", "error")
DONE: Final = (
    "{0.name}: {0.state}, {0.lines} lines: {0.inserted} inserted, "
    "{0.duplicates} duplicates, {0.rejected} rejected. Import {0.id}"
)
CHECKED: Final = (
    "{0.name}: {0.lines} lines: {0.valid} valid, {0.rejected} rejected. "
    "Nothing was stored."
)
Outcome: TypeAlias = Import | CheckedLog | UnreadableLog
Read: TypeAlias = Callable[[Importer, LogFile, ImportProgress], Awaitable[Outcome]]
Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help="Logs, plain, gzip or zstd; - is stdin."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check only, store nothing.")]
Rejected = Annotated[
    Path | None,
    typer.Option("--rejected", help="File for the rejected lines."),
]
ImportId = Annotated[UUID, typer.Argument(metavar="ID", help="Id of an import.")]


def register(cli: typer.Typer) -> None:
    """Add this group of commands."""
    group = typer.Typer(help="Shop logs.", no_args_is_help=True)
    group.command("logs")(import_logs)
    group.command("list")(list_imports)
    group.command("cancel")(cancel_import)
    group.command("delete")(delete_import)
    cli.add_typer(group, name="import")


def import_logs(
    files: Files,
    dry_run: DryRun = False,
    rejected: Rejected = None,
    as_json: AsJson = False,
) -> None:
    """Bring logs in. Lines that are known already are counted and left out.

    A log that cannot be read does not keep the others from coming in.
    """
    read = _check if dry_run else _bring_in
    with import_progress(rejected) as progress:
        outcomes = run(partial(_read_each, read=read, files=files, progress=progress))
    done = [one for one in outcomes if not isinstance(one, UnreadableLog)]
    if dry_run:
        _answer(CheckedLogSchema(), CHECKED, done, as_json)
    else:
        _answer(ImportSchema(), DONE, done, as_json)
    failures = [failure for failure in map(_failure, outcomes) if failure]
    if failures:
        typer.echo("\n".join(failures), err=True)
        raise typer.Exit(1)


def list_imports(as_json: AsJson = False) -> None:
    """List the imports, newest first."""
    imports = run(lambda services: services.logs.imports.find_all())
    show_items(ImportSchema(), COLUMNS, imports, as_json=as_json)


def cancel_import(import_id: ImportId, as_json: AsJson = False) -> None:
    """Stop an import that waits or runs; nothing of it stays but its line here."""
    if not run(partial(_cancel, import_id=import_id)):
        sys.exit(f"Import {import_id} has ended already.")
    say(f"Import {import_id} is cancelled.", {"id": str(import_id)}, as_json=as_json)


def delete_import(import_id: ImportId, as_json: AsJson = False) -> None:
    """Take an import's lines out of all reports, and it out of the list."""
    run(lambda services: services.logs.imports.delete(import_id))
    say(f"Import {import_id} is gone.", {"id": str(import_id)}, as_json=as_json)


async def _read_each(
    services: Services,
    read: Read,
    files: Sequence[str],
    progress: ImportProgress,
) -> list[Outcome]:
    return [await _read_one(services, read, name, progress) for name in files]


async def _read_one(
    services: Services,
    read: Read,
    name: str,
    progress: ImportProgress,
) -> Outcome:
    try:
        with open_log(name, services.logs.limits) as log:
            progress.start(log)
            return await read(services.logs.importer, log, progress)
    except UnreadableLog as error:
        return error


async def _bring_in(
    importer: Importer,
    log: LogFile,
    progress: ImportProgress,
) -> Outcome:
    return await importer.run(log, progress)


async def _check(
    importer: Importer,
    log: LogFile,
    progress: ImportProgress,
) -> Outcome:
    return await importer.check(log, progress)


def _failure(outcome: Outcome) -> str | None:
    """Say what has become of a log that did not come in; None where it did."""
    match outcome:
        case UnreadableLog():
            return outcome.detail
        case Import(state=ImportState.SUCCEEDED) | CheckedLog(error=None):
            return None
        case _:
            return f"{outcome.name}: {outcome.error}"


def _answer(
    schema: Schema,
    sentence: str,
    done: Sequence[object],
    as_json: bool,
) -> None:
    if as_json:
        show_items(schema, (), done, as_json=True)
        return
    for one in done:
        typer.echo(sentence.format(one))


async def _cancel(services: Services, import_id: UUID) -> bool:
    return await services.logs.imports.cancel(operator(), import_id)
