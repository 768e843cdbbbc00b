"""HTTP face of the reports over shop logs."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final

from aiohttp import web

from prilavok.domain.access import Permission
from prilavok.domain.paging import Page
from prilavok.domain.reports.questions import (
    CategoryDays,
    Days,
    PagedDays,
    ReportName,
    ScopedDays,
)
from prilavok.schemas.base import NoInput
from prilavok.schemas.reports.catalogue import SHAPES, CatalogueSchema
from prilavok.schemas.reports.unpaid_carts import (
    UnpaidCartsTextSchema,
    UnpaidCartTextSchema,
)
from prilavok.transport.csv_export import CsvExport
from prilavok.transport.keys import SERVICES
from prilavok.transport.messages import Reply
from prilavok.transport.paging import page_links
from prilavok.transport.routing import Decorator, RouteTable
from prilavok.transport.text_ids import TextIds

table: Final = RouteTable()


TEXT_IDS: Final = TextIds(UnpaidCartsTextSchema(), row=UnpaidCartTextSchema())


def report_route(name: ReportName, text_ids: TextIds | None = None) -> Decorator:
    """Declare one report under its name and its number."""
    shape = SHAPES[name]
    return table.get(
        f"/reports/{name.value}",
        aliases=(f"/api/v1/reports/{name.number}",),
        allow=Permission.REPORTS_READ,
        query=shape.query,
        answer=shape.answer,
        csv=CsvExport(
            name=name.value,
            schema=shape.row,
            columns=shape.columns,
            stream=partial(stream_rows, name),
        ),
        text_ids=text_ids,
    )


def stream_rows(
    name: ReportName,
    request: web.Request,
    parameters: Days,
) -> AsyncIterator[object]:
    """Give every row, whatever the page."""
    return request.app[SERVICES].reports.stream_rows(name, parameters)


async def answer_report(
    name: ReportName,
    request: web.Request,
    parameters: Days,
) -> Reply:
    """Answer any report."""
    return Reply(await request.app[SERVICES].reports.get_report(name, parameters))


@table.get("/reports", allow=Permission.REPORTS_READ, answer=CatalogueSchema())
async def list_reports(request: web.Request, nothing: NoInput) -> Reply:
    """List the reports: number, name, question, parameters with their defaults."""
    return Reply(request.app[SERVICES].reports.list_questions())


@report_route(ReportName.COUNTRIES)
async def show_countries(request: web.Request, days: Days) -> Reply:
    """Report 1: requests by visitor country."""
    return await answer_report(ReportName.COUNTRIES, request, days)


@report_route(ReportName.CATEGORY_COUNTRIES)
async def show_category_countries(request: web.Request, asked: CategoryDays) -> Reply:
    """Report 2: views of a category and of its goods by visitor country."""
    return await answer_report(ReportName.CATEGORY_COUNTRIES, request, asked)


@report_route(ReportName.CATEGORY_HOURS)
async def show_category_hours(request: web.Request, asked: ScopedDays) -> Reply:
    """Report 3: views of a category by part of the day, weekday and hour."""
    return await answer_report(ReportName.CATEGORY_HOURS, request, asked)


@report_route(ReportName.PEAK_HOUR)
async def show_peak_hour(request: web.Request, days: Days) -> Reply:
    """Report 4: the busiest calendar hour, and that of each day."""
    return await answer_report(ReportName.PEAK_HOUR, request, days)


@report_route(ReportName.BOUGHT_TOGETHER)
async def show_bought_together(request: web.Request, asked: CategoryDays) -> Reply:
    """Report 5: categories in paid carts that hold the category, too."""
    return await answer_report(ReportName.BOUGHT_TOGETHER, request, asked)


@report_route(ReportName.UNPAID_CARTS, text_ids=TEXT_IDS)
async def show_unpaid_carts(request: web.Request, asked: PagedDays) -> Reply:
    """Report 6: carts that were never paid, one page of them."""
    reports = request.app[SERVICES].reports
    report = await reports.get_report(ReportName.UNPAID_CARTS, asked)
    page: Page[Any] = Page((), report.findings.total, asked.page, asked.per_page)
    return Reply(report, headers=page_links(request.rel_url, page))


@report_route(ReportName.REPEAT_BUYERS)
async def show_repeat_buyers(request: web.Request, days: Days) -> Reply:
    """Report 7: buyers by their number of paid carts."""
    return await answer_report(ReportName.REPEAT_BUYERS, request, days)
