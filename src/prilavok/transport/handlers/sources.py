"""HTTP face of sources."""

from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from prilavok.domain.access import Permission
from prilavok.domain.source_items import FetchItems
from prilavok.domain.sources import Changes, CreateSource, ListSources
from prilavok.schemas import source_inputs as inputs
from prilavok.schemas import sources as schemas
from prilavok.schemas.base import NoInput
from prilavok.transport.attendance import attended
from prilavok.transport.keys import ACTOR, SERVICES
from prilavok.transport.messages import Reply, read_expected, version_tag
from prilavok.transport.paging import page_links
from prilavok.transport.paths import path_id
from prilavok.transport.routing import RouteTable
from prilavok.transport.source_headers import SOURCE_HEADERS, source_headers
from prilavok.transport.text_ids import TextIds

table: Final = RouteTable()


@table.get(
    "/sources/items",
    allow=Permission.SOURCES_READ,
    query=inputs.FetchItemsSchema(),
    answer=schemas.SourceItemSchema(many=True),
    detail=schemas.GatheredItemsSchema(),
    refuses=(HTTPStatus.BAD_GATEWAY,),
    headers=SOURCE_HEADERS,
    text_ids=TextIds(
        schemas.TextSourceItemSchema(many=True),
        schemas.TextGatheredItemsSchema(),
    ),
)
async def fetch_items(request: web.Request, query: FetchItems) -> Reply:
    """Fetch the items of all sources at once, sorted by id.

    Best effort: a source that fails is missing data, and X-Sources-Completed tells.
    Where two sources have an item of the same id, the one of lower position wins.
    """
    async with attended(request):
        gathered = await request.app[SERVICES].source_items.gather(query)
    return Reply(
        gathered if query.detail else gathered.items,
        headers=source_headers(gathered),
        is_detailed=query.detail,
    )


@table.get(
    "/sources",
    allow=Permission.SOURCES_READ,
    query=inputs.ListSourcesSchema(),
    answer=schemas.SourcePageSchema(),
)
async def list_sources(request: web.Request, query: ListSources) -> Reply:
    """Show one page of the sources."""
    page = await request.app[SERVICES].sources.list_page(query)
    return Reply(page, headers=page_links(request.rel_url, page))


@table.post(
    "/sources",
    allow=Permission.SOURCES_WRITE,
    body=inputs.CreateSourceSchema(),
    answer=schemas.SourceSchema(),
    edits=True,
)
async def create_source(request: web.Request, command: CreateSource) -> Reply:
    """Add a source; its host need not resolve yet, but must not be a private one."""
    source = await request.app[SERVICES].sources.create(request[ACTOR], command)
    location = {hdrs.LOCATION: f"/api/v1/sources/{source.id}"}
    return Reply(source, headers=location | version_tag(source.version))


@table.get(
    "/sources/{id}",
    allow=Permission.SOURCES_READ,
    answer=schemas.SourceSchema(),
    edits=True,
)
async def show_source(request: web.Request, nothing: NoInput) -> Reply:
    """Show one source."""
    source = await request.app[SERVICES].sources.get(path_id(request))
    return Reply(source, headers=version_tag(source.version))


@table.patch(
    "/sources/{id}",
    allow=Permission.SOURCES_WRITE,
    body=inputs.EditSourceSchema(),
    answer=schemas.SourceSchema(),
    edits=True,
)
async def edit_source(request: web.Request, changes: Changes) -> Reply:
    """Change the fields that are given.

    With an address on another server the credential goes, unless a new one is given.
    """
    source = await request.app[SERVICES].sources.edit(
        request[ACTOR],
        path_id(request),
        changes,
        read_expected(request),
    )
    return Reply(source, headers=version_tag(source.version))


@table.delete("/sources/{id}", allow=Permission.SOURCES_WRITE, edits=True)
async def delete_source(request: web.Request, nothing: NoInput) -> Reply:
    """Delete a source; its history stays."""
    await request.app[SERVICES].sources.remove(
        request[ACTOR],
        path_id(request),
        read_expected(request),
    )
    return Reply()


@table.post(
    "/sources/{id}/check",
    allow=Permission.SOURCES_WRITE,
    answer=schemas.SourceReportSchema(),
    status=HTTPStatus.OK,
)
async def check_source(request: web.Request, nothing: NoInput) -> Reply:
    """Fetch this source now, also a disabled one, and say what came."""
    async with attended(request):
        report = await request.app[SERVICES].source_items.check(path_id(request))
    return Reply(report)
