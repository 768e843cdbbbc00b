"""HTTP face of other people's sessions."""

from typing import Final

from aiohttp import web

from prilavok.domain.access import Permission
from prilavok.domain.paging import Paging
from prilavok.domain.sessions import ListSessions
from prilavok.schemas import sessions as schemas
from prilavok.schemas.base import NoInput
from prilavok.schemas.paging import PagingSchema
from prilavok.transport.keys import ACTOR, SERVICES
from prilavok.transport.messages import Reply
from prilavok.transport.paging import page_links
from prilavok.transport.paths import path_id
from prilavok.transport.routing import RouteTable

table: Final = RouteTable()


@table.get(
    "/sessions",
    allow=Permission.SESSIONS_READ,
    query=schemas.ListSessionsSchema(),
    answer=schemas.HeldSessionPageSchema(),
)
async def list_sessions(request: web.Request, query: ListSessions) -> Reply:
    """Show everybody's sessions."""
    page = await request.app[SERVICES].seen_sessions.list_all(request[ACTOR], query)
    return Reply(page, headers=page_links(request.rel_url, page))


@table.delete("/sessions/{id}", allow=Permission.SESSIONS_WRITE)
async def end_session(request: web.Request, nothing: NoInput) -> Reply:
    """End anybody's session."""
    await request.app[SERVICES].sessions.end_one(request[ACTOR], path_id(request))
    return Reply()


@table.get(
    "/users/{id}/sessions",
    allow=Permission.SESSIONS_READ,
    own="id",
    query=PagingSchema(),
    answer=schemas.SessionPageSchema(),
)
async def list_user_sessions(request: web.Request, paging: Paging) -> Reply:
    """Show where one user is signed in."""
    page = await request.app[SERVICES].seen_sessions.list_of_user(
        request[ACTOR],
        path_id(request),
        paging,
    )
    return Reply(page, headers=page_links(request.rel_url, page))


@table.delete("/users/{id}/sessions", allow=Permission.SESSIONS_WRITE, own="id")
async def end_user_sessions(request: web.Request, nothing: NoInput) -> Reply:
    """Sign one user out everywhere."""
    await request.app[SERVICES].sessions.end_all(request[ACTOR], path_id(request))
    return Reply()
