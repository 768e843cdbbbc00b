"""Stored roles."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.access import Permission
from prilavok.domain.errors import NotFound
from prilavok.domain.paging import Page
from prilavok.domain.roles import ADMIN, USER, CreateRole, ListRoles, Role
from prilavok.repositories.advisory_locks import hold_until_end
from prilavok.repositories.database_errors import database_errors
from prilavok.repositories.filters import contains
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.listing import Listing
from prilavok.repositories.tables.accounts import RoleRow, UserRow

HOLDERS: Final = (
    select(func.count())
    .where(UserRow.role_id == RoleRow.id)
    .correlate(RoleRow)
    .scalar_subquery()
)
ROLES: Final = select(
    RoleRow.id,
    RoleRow.name,
    RoleRow.permissions,
    RoleRow.built_in,
    HOLDERS.label("users"),
    RoleRow.version,
)
BY_ID: Final = HotRead(ROLES.where(RoleRow.id == bindparam("id")))
LISTING: Final = Listing(
    base=ROLES,
    filters={"search": contains("search", RoleRow.name)},
    orders={"name": func.lower(RoleRow.name), "built_in": RoleRow.built_in},
    key=RoleRow.id,
)
BUILT_IN: Final = MappingProxyType[str, tuple[str, ...]](
    {ADMIN: tuple(sorted(Permission)), USER: ()},
)


@final
class RoleRepository:
    """Reads and writes the ``roles`` table."""

    def __init__(self, session: AsyncSession) -> None:
        """Work inside the caller's transaction; never commit here."""
        self._session = session

    async def get(self, role_id: UUID) -> Role:
        """Read one role."""
        rows = await BY_ID.fetch(self._session, id=role_id)
        if not rows:
            raise NotFound("There is no such role.")
        return _to_role(rows[0])

    async def get_page(self, query: ListRoles) -> Page[Role]:
        """Read one page."""
        return await LISTING.get_page(self._session, _to_role, query)

    async def lock(self, role_id: UUID) -> Role:
        """Read one role that nobody may change before this transaction ends."""
        await self._session.execute(
            select(RoleRow.id).where(RoleRow.id == role_id).with_for_update(),
        )
        return await self.get(role_id)

    async def find_by_name(self, name: str) -> Role | None:
        """Read one role by its exact name, held still until the transaction ends."""
        found = await self._session.scalar(
            select(RoleRow.id).where(RoleRow.name == name).with_for_update(read=True),
        )
        return None if found is None else await self.get(found)

    async def add(self, command: CreateRole) -> UUID:
        """Store a role; a name in use is ``RoleTaken``."""
        statement = insert(RoleRow).values(
            name=command.name,
            permissions=sorted(command.permissions),
        )
        with database_errors():
            added = await self._session.execute(statement.returning(RoleRow.id))
        return added.scalar_one()

    async def edit(self, role_id: UUID, changes: Mapping[str, Any]) -> None:
        """Change columns of one role."""
        with database_errors():
            await self._session.execute(
                update(RoleRow).where(RoleRow.id == role_id).values(**changes),
            )

    async def remove(self, role_id: UUID) -> None:
        """Delete one role; ``RoleInUse`` while somebody holds it."""
        with database_errors():
            await self._session.execute(delete(RoleRow).where(RoleRow.id == role_id))

    async def ensure_built_in(self) -> None:
        """Make the built-in roles, and give Admin what a new version added."""
        await hold_until_end(self._session, "built-in-roles")
        for name, permissions in BUILT_IN.items():
            if await self.find_by_name(name) is None:
                made = {"permissions": list(permissions), "built_in": True}
                await self._session.execute(insert(RoleRow).values(name=name, **made))
        every = list(BUILT_IN[ADMIN])
        await self._session.execute(
            update(RoleRow)
            .where(RoleRow.name == ADMIN, RoleRow.permissions != every)
            .values(permissions=every),
        )


def _to_role(row: Any) -> Role:
    return Role(
        id=row["id"],
        name=row["name"],
        permissions=tuple(row["permissions"]),
        built_in=row["built_in"],
        users=row["users"],
        version=row["version"],
    )
