"""Reports for programs."""

from asyncio import gather
from dataclasses import replace
from typing import Any

from prilavok.cli.output import show_json
from prilavok.cli.report_questions import Questions
from prilavok.domain.reports.questions import Days, PagedDays, ReportName
from prilavok.schemas.dump import compiled_dump
from prilavok.schemas.reports.catalogue import SHAPES
from prilavok.services.log_analytics.reports import ReportService


async def write_json(service: ReportService, questions: Questions) -> None:
    """Write what HTTP answers, with all rows on one page; several as ``items``."""
    reading = (_read(service, *question) for question in questions.items())
    reports = await gather(*reading)
    document = reports[0] if len(reports) == 1 else {"items": reports}
    show_json(document)


async def _read(service: ReportService, name: ReportName, parameters: Days) -> Any:
    report = await service.get_report(name, parameters)
    if isinstance(parameters, PagedDays):
        rows = max(1, report.findings.total)
        report = await service.get_report(name, replace(parameters, per_page=rows))
    return compiled_dump(SHAPES[name].answer)(report)
