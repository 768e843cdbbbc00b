"""A report for spreadsheets."""

import typer

from prilavok.cli.report_questions import Questions
from prilavok.schemas.csv_text import csv_line
from prilavok.schemas.dump import compiled_dump
from prilavok.schemas.reports.catalogue import SHAPES
from prilavok.services.log_analytics.reports import ReportService


async def write_csv(service: ReportService, questions: Questions) -> None:
    """Write all rows of the one report that was asked for."""
    if len(questions) > 1:
        raise typer.BadParameter("CSV holds one report, not all of them.")
    name, parameters = next(iter(questions.items()))
    dump = compiled_dump(SHAPES[name].row)
    typer.echo(csv_line(SHAPES[name].columns), nl=False)
    async for row in service.stream_rows(name, parameters):
        typer.echo(csv_line(dump(row).values()), nl=False)
