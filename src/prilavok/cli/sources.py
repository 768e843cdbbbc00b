"""Commands for sources: what they deliver, and how they do."""

import asyncio
from collections.abc import Collection, Iterable
from functools import partial
from typing import Annotated, Final

import typer
from rich.console import Console

from prilavok.cli.output import AsJson, plain, run, show_items, show_json
from prilavok.domain.paging import MAX_PER_PAGE
from prilavok.domain.source_items import FetchItems, GatheredItems, SourceReport
from prilavok.domain.source_statuses import SourceStatus
from prilavok.domain.sources import MAX_SOURCES, ListSources, Source
from prilavok.schemas.dump import compiled_dump
from prilavok.schemas.sources import (
    GatheredItemsSchema,
    SourceItemSchema,
    SourceReportSchema,
)
from prilavok.services.container import Services

REPORT_COLUMNS: Final = ("name", "status", "items", "dropped", "elapsed_ms", "error")
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Fail unless every source delivered."),
]
Stale = Annotated[
    bool,
    typer.Option("--stale", help="Let last good answers stand in."),
]
Names = Annotated[
    list[str] | None,
    typer.Argument(help="Names of sources; none: all that are switched on."),
]


def register(cli: typer.Typer) -> None:
    """Add this group of commands."""
    sources = typer.Typer(help="Sources of the list.", no_args_is_help=True)
    sources.command("fetch")(fetch)
    sources.command("check")(check)
    cli.add_typer(sources, name="sources")


def fetch(
    strict: Strict = False,
    stale: Stale = False,
    as_json: AsJson = False,
) -> None:
    """Fetch the items of all sources at once; how each did is said on stderr."""
    query = FetchItems(detail=True, strict=strict, stale=stale)
    gathered = run(partial(_gather, query=query))
    if as_json:
        show_json(compiled_dump(GatheredItemsSchema())(gathered))
        return
    show_items(SourceItemSchema(), ("id", "name"), gathered.items, as_json=False)
    _show_reports(gathered.sources)


def check(names: Names = None, as_json: AsJson = False) -> None:
    """Fetch some sources now and say what came; exit code 1 when any fails."""
    reports = run(partial(_check, names=names or []))
    show_items(SourceReportSchema(), REPORT_COLUMNS, reports, as_json=as_json)
    if any(report.status is not SourceStatus.OK for report in reports):
        raise typer.Exit(1)


async def _gather(services: Services, query: FetchItems) -> GatheredItems:
    return await services.source_items.gather(query)


async def _check(services: Services, names: list[str]) -> list[SourceReport]:
    known = await _list_all(services)
    by_name = {source.name.lower() for source in known}
    missing = [name for name in names if name.lower() not in by_name]
    if missing:
        listed = ", ".join(missing)
        raise typer.BadParameter(f"No such source: {listed}.")
    wanted = {name.lower() for name in names}
    chosen = [source.id for source in known if _is_chosen(source, wanted)]
    return await asyncio.gather(*map(services.source_items.check, chosen))


async def _list_all(services: Services) -> list[Source]:
    found: list[Source] = []
    for number in range(1, MAX_SOURCES // MAX_PER_PAGE + 2):
        query = ListSources(number, MAX_PER_PAGE)
        page = await services.sources.list_page(query)
        found.extend(page.items)
    return found


def _is_chosen(source: Source, wanted: Collection[str]) -> bool:
    return source.name.lower() in wanted if wanted else source.enabled


def _show_reports(reports: Iterable[SourceReport]) -> None:
    errors = Console(stderr=True)
    for report in reports:
        said = "  ".join((report.name, report.status, report.error or ""))
        errors.print(plain(said), soft_wrap=True)
