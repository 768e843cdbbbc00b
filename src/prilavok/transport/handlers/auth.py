"""HTTP face of signing in and of one's own sessions."""

from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from prilavok.domain.access import ANYONE, SIGNED_IN
from prilavok.domain.paging import Paging
from prilavok.domain.sessions import ChangePassword, Device, SignIn
from prilavok.schemas import sessions as schemas
from prilavok.schemas.base import NoInput
from prilavok.schemas.paging import PagingSchema
from prilavok.services.container import Services
from prilavok.transport.keys import ACTOR, SERVICES, SESSION
from prilavok.transport.messages import Reply
from prilavok.transport.paging import page_links
from prilavok.transport.paths import own_id, path_id
from prilavok.transport.routing import RouteTable
from prilavok.transport.session import find_by_cookie, give_ticket, take_ticket

table: Final = RouteTable()


@table.post(
    "/auth/login",
    allow=ANYONE,
    body=schemas.SignInSchema(),
    answer=schemas.IdentitySchema(),
    status=HTTPStatus.OK,
    refuses=(HTTPStatus.UNAUTHORIZED,),
)
async def log_in(request: web.Request, command: SignIn) -> Reply:
    """Sign in: the answer sets the session cookie. An older session ends."""
    sign_in = _services(request).sign_in
    device = _device(request)
    identity, ticket = await sign_in.sign_in(request[ACTOR], command, device)
    await sign_in.sign_out(request[ACTOR], await find_by_cookie(request))
    await give_ticket(request, ticket)
    return Reply(identity)


@table.post("/auth/logout", allow=SIGNED_IN, status=HTTPStatus.NO_CONTENT)
async def log_out(request: web.Request, nothing: NoInput) -> Reply:
    """Sign out: the session ends at once and for good."""
    await _services(request).sign_in.sign_out(request[ACTOR], request[SESSION])
    await take_ticket(request)
    return Reply()


@table.post(
    "/auth/token",
    allow=ANYONE,
    body=schemas.SignInSchema(),
    answer=schemas.AccessTokenSchema(),
    status=HTTPStatus.OK,
    refuses=(HTTPStatus.UNAUTHORIZED,),
)
async def issue_token(request: web.Request, command: SignIn) -> Reply:
    """Sign in as a program: a bearer token for ``Authorization``."""
    sign_in = _services(request).sign_in
    token = await sign_in.issue_token(request[ACTOR], command, _device(request))
    return Reply(token)


@table.get("/auth/me", allow=SIGNED_IN, answer=schemas.IdentitySchema())
async def show_me(request: web.Request, nothing: NoInput) -> Reply:
    """Tell who is signed in and what he may do now."""
    identity = await _services(request).sign_in.identify(own_id(request))
    return Reply(identity)


@table.post(
    "/auth/password",
    allow=SIGNED_IN,
    body=schemas.ChangePasswordSchema(),
    status=HTTPStatus.NO_CONTENT,
)
async def change_password(request: web.Request, command: ChangePassword) -> Reply:
    """Change one's own password; every other session of the user ends."""
    await _services(request).sign_in.change_password(request[ACTOR], command)
    return Reply()


@table.get(
    "/auth/sessions",
    allow=SIGNED_IN,
    query=PagingSchema(),
    answer=schemas.SessionPageSchema(),
)
async def list_own_sessions(request: web.Request, paging: Paging) -> Reply:
    """Show where one is signed in."""
    page = await _services(request).seen_sessions.list_of_user(
        request[ACTOR],
        own_id(request),
        paging,
    )
    return Reply(page, headers=page_links(request.rel_url, page))


@table.delete("/auth/sessions", allow=SIGNED_IN)
async def end_other_sessions(request: web.Request, nothing: NoInput) -> Reply:
    """Sign out everywhere else."""
    actor = request[ACTOR]
    sessions = _services(request).sessions
    await sessions.end_all(actor, own_id(request), but=actor.session_id)
    return Reply()


@table.delete("/auth/sessions/{id}", allow=SIGNED_IN)
async def end_own_session(request: web.Request, nothing: NoInput) -> Reply:
    """Sign out one device of one's own."""
    sessions = _services(request).sessions
    await sessions.end_one(request[ACTOR], path_id(request), own_id(request))
    return Reply()


def _device(request: web.Request) -> Device:
    agent = request.headers.get(hdrs.USER_AGENT, "")
    return Device(request[ACTOR].address, agent)


def _services(request: web.Request) -> Services:
    return request.app[SERVICES]
