"""The command that answers reports."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum, unique
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias

import typer

from prilavok.cli.output import AsJson, run
from prilavok.cli.report_csv import write_csv
from prilavok.cli.report_json import write_json
from prilavok.cli.report_questions import Questions, read_questions
from prilavok.cli.report_table import write_tables
from prilavok.services.container import Services


@unique
class Format(StrEnum):
    """How a report is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


Writer: TypeAlias = Callable[[Any, Questions], Awaitable[None]]
Option: TypeAlias = str | None
Which = Annotated[str, typer.Argument(help="Name or number of a report, or `all`.")]
First = Annotated[Option, typer.Option("--from", help="First day: 2018-08-01.")]
Last = Annotated[Option, typer.Option("--to", help="Last day, included.")]
Category = Annotated[Option, typer.Option(help="Category, where it fits.")]
Scope = Annotated[Option, typer.Option(help="Report 3: category, goods or all.")]
Output = Annotated[Format, typer.Option("--format", help="How to write it.")]

WRITERS: Final[Mapping[Format, Writer]] = MappingProxyType(
    {
        Format.TABLE: write_tables,
        Format.CSV: write_csv,
        Format.JSON: write_json,
    },
)


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("report")(show_report)


def show_report(
    which: Which,
    first: First = None,
    last: Last = None,
    category: Category = None,
    scope: Scope = None,
    output: Output = Format.TABLE,
    as_json: AsJson = False,
) -> None:
    """Answer a report, by its name or number, or all seven."""
    questions = read_questions(
        which,
        {"from": first, "to": last, "category": category, "scope": scope},
    )
    chosen = Format.JSON if as_json else output
    run(partial(_answer, questions=questions, write=WRITERS[chosen]))


async def _answer(services: Services, questions: Questions, write: Writer) -> None:
    await write(services.reports, questions)
