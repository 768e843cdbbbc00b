"""HTTP face of roles and permissions."""

from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from prilavok.domain.access import Permission
from prilavok.domain.paging import Everything
from prilavok.domain.roles import Changes, CreateRole, ListRoles, RoleBatch
from prilavok.schemas import roles as schemas
from prilavok.schemas.base import NoInput
from prilavok.transport.keys import ACTOR, SERVICES
from prilavok.transport.messages import Reply, read_expected, version_tag
from prilavok.transport.paging import page_links
from prilavok.transport.paths import path_id
from prilavok.transport.routing import RouteTable

table: Final = RouteTable()


@table.get(
    "/roles",
    allow=Permission.ROLES_READ,
    query=schemas.ListRolesSchema(),
    answer=schemas.RolePageSchema(),
)
async def list_roles(request: web.Request, query: ListRoles) -> Reply:
    """Show one page of the roles."""
    page = await request.app[SERVICES].roles.list_page(query)
    return Reply(page, headers=page_links(request.rel_url, page))


@table.post(
    "/roles",
    allow=Permission.ROLES_WRITE,
    body=schemas.CreateRoleSchema(),
    answer=schemas.RoleSchema(),
    edits=True,
)
async def create_role(request: web.Request, command: CreateRole) -> Reply:
    """Make a role of permissions that one holds oneself."""
    role = await request.app[SERVICES].roles.create(request[ACTOR], command)
    location = {hdrs.LOCATION: f"/api/v1/roles/{role.id}"}
    return Reply(role, headers=location | version_tag(role.version))


@table.post(
    "/roles/batch",
    allow=Permission.ROLES_WRITE,
    body=schemas.RoleBatchSchema(),
    answer=schemas.RoleBatchDoneSchema(),
    status=HTTPStatus.OK,
    refuses=(HTTPStatus.PRECONDITION_FAILED,),
)
async def change_roles(request: web.Request, batch: RoleBatch) -> Reply:
    """Make, change and delete many roles: all of it or nothing."""
    done = await request.app[SERVICES].roles.apply_batch(request[ACTOR], batch)
    return Reply(done)


@table.get(
    "/roles/{id}",
    allow=Permission.ROLES_READ,
    answer=schemas.RoleSchema(),
    edits=True,
)
async def show_role(request: web.Request, nothing: NoInput) -> Reply:
    """Show one role."""
    role = await request.app[SERVICES].roles.get(path_id(request))
    return Reply(role, headers=version_tag(role.version))


@table.patch(
    "/roles/{id}",
    allow=Permission.ROLES_WRITE,
    body=schemas.EditRoleSchema(),
    answer=schemas.RoleSchema(),
    edits=True,
)
async def edit_role(request: web.Request, changes: Changes) -> Reply:
    """Change the fields that are given; it acts on the holders' next request."""
    role = await request.app[SERVICES].roles.edit(
        request[ACTOR],
        path_id(request),
        changes,
        read_expected(request),
    )
    return Reply(role, headers=version_tag(role.version))


@table.delete("/roles/{id}", allow=Permission.ROLES_WRITE, edits=True)
async def delete_role(request: web.Request, nothing: NoInput) -> Reply:
    """Delete a role that nobody holds."""
    await request.app[SERVICES].roles.remove(
        request[ACTOR],
        path_id(request),
        read_expected(request),
    )
    return Reply()


@table.get(
    "/permissions",
    allow=Permission.ROLES_READ,
    answer=schemas.PermissionListSchema(),
)
async def list_permissions(request: web.Request, nothing: NoInput) -> Reply:
    """Show every permission that a role can hold."""
    return Reply(Everything(tuple(Permission)))
