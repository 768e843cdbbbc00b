"""HTTP face of staff accounts."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from prilavok.domain.access import Permission
from prilavok.domain.users import Changes, CreateUser, ListUsers, User, UserBatch
from prilavok.schemas import user_inputs as inputs
from prilavok.schemas import users as schemas
from prilavok.schemas.base import NoInput
from prilavok.transport.csv_export import CsvExport
from prilavok.transport.keys import ACTOR, SERVICES
from prilavok.transport.messages import Reply, read_expected, version_tag
from prilavok.transport.paging import page_links
from prilavok.transport.paths import path_id
from prilavok.transport.routing import RouteTable

table: Final = RouteTable()


def stream_users(request: web.Request, query: ListUsers) -> AsyncIterator[User]:
    """Give every account that passes the filters."""
    return request.app[SERVICES].users.stream(query)


EXPORT: Final = CsvExport(
    name="users",
    schema=schemas.UserSchema(),
    columns=(
        "id",
        "login",
        "first_name",
        "last_name",
        "email",
        "birth_date",
        "role",
        "language",
        "is_active",
        "registered_at",
        "updated_at",
    ),
    stream=stream_users,
)


@table.get(
    "/users",
    allow=Permission.USERS_READ,
    query=inputs.ListUsersSchema(),
    answer=schemas.UserPageSchema(),
    csv=EXPORT,
)
async def list_users(request: web.Request, query: ListUsers) -> Reply:
    """Show one page of the accounts."""
    page = await request.app[SERVICES].users.list_page(query)
    return Reply(page, headers=page_links(request.rel_url, page))


@table.post(
    "/users",
    allow=Permission.USERS_WRITE,
    body=inputs.CreateUserSchema(),
    answer=schemas.UserSchema(),
    edits=True,
)
async def create_user(request: web.Request, command: CreateUser) -> Reply:
    """Make an account."""
    user = await request.app[SERVICES].users.create(request[ACTOR], command)
    location = {hdrs.LOCATION: f"/api/v1/users/{user.id}"}
    return Reply(user, headers=location | version_tag(user.version))


@table.post(
    "/users/batch",
    allow=Permission.USERS_WRITE,
    body=inputs.UserBatchSchema(),
    answer=schemas.UserBatchDoneSchema(),
    status=HTTPStatus.OK,
    refuses=(HTTPStatus.PRECONDITION_FAILED,),
)
async def change_users(request: web.Request, batch: UserBatch) -> Reply:
    """Make, change and delete many accounts: all of it or nothing."""
    done = await request.app[SERVICES].users.apply_batch(request[ACTOR], batch)
    return Reply(done)


@table.get(
    "/users/{id}",
    allow=Permission.USERS_READ,
    own="id",
    answer=schemas.UserSchema(),
    edits=True,
)
async def show_user(request: web.Request, nothing: NoInput) -> Reply:
    """Show one account."""
    user = await request.app[SERVICES].users.get(path_id(request))
    return Reply(user, headers=version_tag(user.version))


@table.patch(
    "/users/{id}",
    allow=Permission.USERS_WRITE,
    own="id",
    body=inputs.EditUserSchema(),
    own_body=inputs.EditOwnSchema(),
    answer=schemas.UserSchema(),
    edits=True,
)
async def edit_user(request: web.Request, changes: Changes) -> Reply:
    """Change the fields that are given."""
    user = await request.app[SERVICES].users.edit(
        request[ACTOR],
        path_id(request),
        changes,
        read_expected(request),
    )
    return Reply(user, headers=version_tag(user.version))


@table.delete("/users/{id}", allow=Permission.USERS_WRITE, own="id", edits=True)
async def delete_user(request: web.Request, nothing: NoInput) -> Reply:
    """Delete an account and end its sessions; its history stays."""
    await request.app[SERVICES].users.remove(
        request[ACTOR],
        path_id(request),
        read_expected(request),
    )
    return Reply()
