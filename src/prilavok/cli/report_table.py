"""Reports for a terminal."""

from asyncio import gather
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from prilavok.cli.console import open_console
from prilavok.cli.report_questions import Questions
from prilavok.domain.reports.report import Report
from prilavok.schemas.dump import compiled_dump
from prilavok.schemas.reports.catalogue import SHAPES
from prilavok.services.log_analytics.reports import ReportService

# What is quickly read; --format csv has them all.
MAX_ROWS: Final = 20
SHARE: Final = "{:.1%}"
HEADING: Final = "{number}. {report.question} {asked}\n{report.sentence}"
FOOTING: Final = "{shown} of {rows} rows; {events} valid requests in these days.\n"


async def write_tables(service: ReportService, questions: Questions) -> None:
    """Write each answer in words, above its rows; long reports are cut."""
    reports = await gather(
        *(service.get_report(*question) for question in questions.items()),
    )
    console = open_console()
    for report in reports:
        console.print(Text(_heading(report)), _table(report), Text(_footing(report)))


def _heading(report: Report) -> str:
    shown = compiled_dump(SHAPES[report.name].answer)(report)["parameters"]
    asked = ", ".join(f"{name} {text}" for name, text in shown.items() if text)
    return HEADING.format(
        number=report.name.number,
        report=report,
        asked=asked and f"({asked})",
    )


def _table(report: Report) -> Table:
    shape = SHAPES[report.name]
    table = Table(*shape.columns)
    for row in map(compiled_dump(shape.row), report.findings.rows[:MAX_ROWS]):
        table.add_row(*map(_cell, row.values()))
    return table


def _footing(report: Report) -> str:
    rows = max(report.findings.total, len(report.findings.rows))
    return FOOTING.format(
        shown=min(rows, MAX_ROWS),
        rows=rows,
        events=report.meta.data_range.events,
    )


def _cell(cell: Any) -> Text:
    """Plain text: no markup, and no emoji names in IPv6 addresses."""
    if cell is None:
        return Text("unknown")
    text = SHARE.format(cell) if isinstance(cell, float) else str(cell)
    return Text(text, overflow="fold")
