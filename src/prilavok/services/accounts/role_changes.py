"""What one transaction does to roles, and the rules it keeps."""

from collections.abc import Iterable
from typing import final
from uuid import UUID

from prilavok.domain.access import Actor, check_holds
from prilavok.domain.roles import (
    USER,
    BuiltInRole,
    Changes,
    CreateRole,
    Role,
    RoleBatch,
    RoleBatchDone,
)
from prilavok.domain.versions import ANY_VERSION, Expected
from prilavok.repositories.transaction import Repositories
from prilavok.services.accounts.batch_claims import BatchClaims
from prilavok.services.accounts.locating import locate
from prilavok.services.stale import check_version


@final
class RoleChanges:
    """Changes of roles within the caller's transaction.

    Whoever changes a role must hold every permission it has, before and after.
    """

    def __init__(self, repositories: Repositories, actor: Actor) -> None:
        """Act for this actor."""
        self._roles = repositories.roles
        self._last_changes = repositories.last_changes
        self._actor = actor
        self._first_seen: dict[UUID, Role] = {}
        self._claims = BatchClaims(repositories.uniqueness)

    async def create(self, command: CreateRole) -> Role:
        """Store a new role."""
        check_holds(self._actor, command.permissions)
        role_id = await self._roles.add(command)
        return await self._roles.get(role_id)

    async def edit(self, role_id: UUID, changes: Changes, expected: Expected) -> Role:
        """Change what differs; the version then grows by one.

        Expected is the version that stood before this transaction.
        """
        role = await self._touchable(role_id)
        seen = self._first_seen.setdefault(role_id, role)
        await check_version(self._last_changes, expected, "roles", seen)
        columns = _differing(role, changes)
        if not columns:
            return role
        if role.built_in and "name" in columns:
            raise BuiltInRole("The name of a built-in role stays.")
        check_holds(self._actor, changes.get("permissions", ()))
        await self._roles.edit(role_id, columns)
        return await self._roles.get(role_id)

    async def remove(self, role_id: UUID, expected: Expected) -> None:
        """Delete a role."""
        role = await self._touchable(role_id)
        await check_version(self._last_changes, expected, "roles", role)
        if role.built_in:
            raise BuiltInRole("A built-in role cannot be deleted.")
        await self._roles.remove(role_id)

    async def apply(self, batch: RoleBatch) -> RoleBatchDone:
        """Do all of a batch; a refusal names its item.

        The result must be unique, not what the steps pass through.
        """
        await self._claims.begin()
        created = await self._create_all(batch.create)
        updated = []
        for number, changes in enumerate(batch.update):
            with locate(f"/update/{number}"):
                expected = Expected.of(changes.get("version"))
                updated.append(await self.edit(changes["id"], changes, expected))
            self._claims.note(f"/update/{number}", changes["id"], changes)
        for place, role_id in enumerate(batch.delete):
            with locate(f"/delete/{place}"):
                await self.remove(role_id, ANY_VERSION)
        await self._claims.check()
        return RoleBatchDone(created, tuple(updated), batch.delete)

    async def _create_all(self, commands: Iterable[CreateRole]) -> tuple[Role, ...]:
        created = []
        for number, command in enumerate(commands):
            with locate(f"/create/{number}"):
                role = await self.create(command)
            self._claims.note(f"/create/{number}", role.id, ("name",))
            created.append(role)
        return tuple(created)

    async def _touchable(self, role_id: UUID) -> Role:
        role = await self._roles.lock(role_id)
        if role.built_in and role.name != USER:
            raise BuiltInRole("The role Admin holds every permission and stays.")
        check_holds(self._actor, role.permissions)
        return role


def _differing(role: Role, changes: Changes) -> dict[str, object]:
    columns: dict[str, object] = {}
    if changes.get("name", role.name) != role.name:
        columns["name"] = changes["name"]
    permissions = sorted(changes.get("permissions", role.permissions))
    if permissions != sorted(role.permissions):
        columns["permissions"] = permissions
    return columns
