"""HTTP face of the change history."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

from aiohttp import web

from prilavok.domain.access import Permission
from prilavok.domain.history import Change, ListChanges
from prilavok.schemas import history as schemas
from prilavok.schemas.base import NoInput
from prilavok.transport.csv_export import CsvExport
from prilavok.transport.keys import SERVICES
from prilavok.transport.messages import Reply
from prilavok.transport.paths import path_id
from prilavok.transport.routing import RouteTable

table: Final = RouteTable()


def stream_changes(request: web.Request, query: ListChanges) -> AsyncIterator[Change]:
    """Give every change that passes the filters."""
    return request.app[SERVICES].history.stream(query)


EXPORT: Final = CsvExport(
    name="history",
    schema=schemas.ChangeSchema(),
    columns=(
        "id",
        "at",
        "table",
        "row_id",
        "operation",
        "changed",
        "old",
        "new",
        "actor",
        "request_id",
    ),
    stream=stream_changes,
)


@table.get(
    "/history",
    allow=Permission.HISTORY_READ,
    query=schemas.ListChangesSchema(),
    answer=schemas.ChangeStretchSchema(),
    csv=EXPORT,
)
async def list_changes(request: web.Request, query: ListChanges) -> Reply:
    """Show part of the changes of users and roles, newest first."""
    return Reply(await request.app[SERVICES].history.list_stretch(query))


@table.get(
    "/history/{id}",
    allow=Permission.HISTORY_READ,
    answer=schemas.ChangeSchema(),
)
async def show_change(request: web.Request, nothing: NoInput) -> Reply:
    """Show one change."""
    return Reply(await request.app[SERVICES].history.get(path_id(request)))


@table.get(
    "/users/{id}/history",
    allow=Permission.HISTORY_READ,
    own="id",
    query=schemas.ListUserChangesSchema(),
    answer=schemas.ChangeStretchSchema(),
)
async def list_user_changes(request: web.Request, query: ListChanges) -> Reply:
    """Show part of the changes of one account, newest first."""
    of_user = replace(query, table="users", row_id=path_id(request))
    return Reply(await request.app[SERVICES].history.list_of_user(of_user))
