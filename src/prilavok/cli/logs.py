"""Commands that bring logs in, list and delete them."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer
from marshmallow import Schema

from prilavok.cli.import_progress import ImportProgress, import_progress
from prilavok.cli.operator import operator
from prilavok.cli.output import AsJson, run, say, show_items
from prilavok.domain.imports import CheckedLog, Import, ImportState
from prilavok.schemas.imports import CheckedLogSchema, ImportSchema
from prilavok.services.container import Services
from prilavok.services.log_analytics.log_file import open_log

COLUMNS: Final = ("id", "name", "state", "lines", "error")
DONE: Final = (
    "{0.name}: {0.state}, {0.lines} lines: {0.inserted} inserted, "
    "{0.duplicates} duplicates, {0.rejected} rejected. Import {0.id}"
)
CHECKED: Final = (
    "{0.name}: {0.lines} lines: {0.valid} valid, {0.rejected} rejected. "
    "Nothing was stored."
)
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
    """Bring logs in. Lines that are known already are counted and left out."""
    with import_progress(rejected) as progress:
        if dry_run:
            checked = run(partial(_check, files=files, progress=progress))
            _answer(CheckedLogSchema(), CHECKED, checked, as_json)
            return
        done = run(partial(_bring_in, files=files, progress=progress))
    _answer(ImportSchema(), DONE, done, as_json)
    failures = [one for one in done if one.state is not ImportState.SUCCEEDED]
    if failures:
        sys.exit("\n".join(f"{one.name}: {one.error}" for one in failures))


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


async def _bring_in(
    services: Services,
    files: Sequence[str],
    progress: ImportProgress,
) -> list[Import]:
    done = []
    for name in files:
        with open_log(name, services.logs.limits) as log:
            progress.start(log)
            done.append(await services.logs.importer.run(log, progress))
    return done


async def _check(
    services: Services,
    files: Sequence[str],
    progress: ImportProgress,
) -> list[CheckedLog]:
    done = []
    for name in files:
        with open_log(name, services.logs.limits) as log:
            progress.start(log)
            done.append(await services.logs.importer.check(log, progress))
    return done


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
