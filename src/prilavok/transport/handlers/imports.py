"""HTTP face of imports."""

from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from prilavok.domain.access import Permission
from prilavok.domain.import_jobs import BringPath, ListImports, ListRejected, Upload
from prilavok.schemas import imports as schemas
from prilavok.schemas.base import NoInput
from prilavok.transport.event_stream import send_events
from prilavok.transport.idempotency import read_key
from prilavok.transport.import_streams import events_of, logs_of, stream_rejected
from prilavok.transport.keys import ACTOR
from prilavok.transport.log_uploads import LOG_BODY
from prilavok.transport.messages import Reply
from prilavok.transport.paging import page_links
from prilavok.transport.paths import path_id
from prilavok.transport.routing import RouteTable
from prilavok.transport.text_export import TextExport

table: Final = RouteTable()


@table.post(
    "/imports",
    allow=Permission.IMPORTS_WRITE,
    receive=LOG_BODY,
    answer=schemas.ImportSchema(),
    status=HTTPStatus.ACCEPTED,
    idempotent=True,
)
async def bring_log(request: web.Request, brought: Upload | BringPath) -> Reply:
    """Take a log and bring it in soon.

    A form with the field `file`, or the log itself, plain or packed by gzip or zstd,
    or the path of a file in LOG_IMPORT_DIR. With an `Idempotency-Key` the same file
    is taken once in 24 hours.
    """
    accepted = await logs_of(request).intake.take(
        request[ACTOR],
        brought,
        read_key(request),
    )
    location = f"/api/v1/imports/{accepted.id}"
    return Reply(accepted, headers={hdrs.LOCATION: location})


@table.get(
    "/imports",
    allow=Permission.IMPORTS_READ,
    query=schemas.ListImportsSchema(),
    answer=schemas.ImportPageSchema(),
)
async def list_imports(request: web.Request, query: ListImports) -> Reply:
    """Show one page of the imports, newest first."""
    page = await logs_of(request).imports.list_page(query)
    return Reply(page, headers=page_links(request.rel_url, page))


@table.get(
    "/imports/{id}",
    allow=Permission.IMPORTS_READ,
    answer=schemas.ImportSchema(),
)
async def show_import(request: web.Request, nothing: NoInput) -> Reply:
    """Show how far an import is."""
    return Reply(await logs_of(request).imports.get(path_id(request)))


@table.get(
    "/imports/{id}/events",
    allow=Permission.IMPORTS_READ,
    events=True,
)
async def follow_import(
    request: web.Request,
    nothing: NoInput,
) -> web.StreamResponse:
    """Follow an import: events `progress`, and `end` as the last one.

    The data of each is the import. Nothing new: a comment, about once a second.
    """
    first = await logs_of(request).imports.get(path_id(request))
    return await send_events(request, events_of(request, first))


@table.get(
    "/imports/{id}/rejected",
    allow=Permission.IMPORTS_READ,
    query=schemas.ListRejectedSchema(),
    answer=schemas.RejectedStretchSchema(),
    text=TextExport("rejected", stream_rejected),
)
async def list_rejected(request: web.Request, query: ListRejected) -> Reply:
    """Show rejected lines in the order of the file, the first 100,000 of them.

    As plain text: number, reason and beginning of each, separated by tabs.
    """
    imports = logs_of(request).imports
    return Reply(await imports.find_rejected(path_id(request), query))


@table.delete(
    "/imports/{id}",
    allow=Permission.IMPORTS_WRITE,
    also=(HTTPStatus.ACCEPTED,),
)
async def remove_import(request: web.Request, nothing: NoInput) -> Reply:
    """Cancel an import (202), or take an ended one out of all reports (204).

    Of a cancelled one nothing stays but its line in the list.
    """
    imports = logs_of(request).imports
    is_gone = await imports.remove(request[ACTOR], path_id(request))
    return Reply(status=HTTPStatus.NO_CONTENT if is_gone else HTTPStatus.ACCEPTED)
