"""Roles: showing, making, changing and removing them."""

from dataclasses import dataclass
from typing import final
from uuid import UUID

from prilavok.domain.access import Actor
from prilavok.domain.paging import Page
from prilavok.domain.roles import (
    Changes,
    CreateRole,
    ListRoles,
    Role,
    RoleBatch,
    RoleBatchDone,
)
from prilavok.domain.versions import Expected
from prilavok.repositories.transaction import Reading, Transaction
from prilavok.services.accounts.audit import record, shown
from prilavok.services.accounts.role_changes import RoleChanges
from prilavok.services.retries import retry_collisions


@final
@dataclass(frozen=True, slots=True)
class RoleService:
    """Use cases of roles; a change acts on its holders' next request."""

    reading: Reading
    transaction: Transaction

    async def get(self, role_id: UUID) -> Role:
        """Show one role."""
        async with self.reading() as repositories:
            return await repositories.roles.get(role_id)

    async def list_page(self, query: ListRoles) -> Page[Role]:
        """Show part of the roles."""
        async with self.reading() as repositories:
            return await repositories.roles.get_page(query)

    @retry_collisions
    async def create(self, actor: Actor, command: CreateRole) -> Role:
        """Make a role of permissions that the actor holds himself."""
        async with self.transaction(actor) as repositories:
            role = await RoleChanges(repositories, actor).create(command)
        _record("role created", actor, role)
        return role

    @retry_collisions
    async def edit(
        self,
        actor: Actor,
        role_id: UUID,
        changes: Changes,
        expected: Expected,
    ) -> Role:
        """Change a role; equal values change nothing."""
        async with self.transaction(actor) as repositories:
            role = await RoleChanges(repositories, actor).edit(
                role_id,
                changes,
                expected,
            )
        _record("role changed", actor, role)
        return role

    @retry_collisions
    async def remove(self, actor: Actor, role_id: UUID, expected: Expected) -> None:
        """Delete a role that nobody holds."""
        async with self.transaction(actor) as repositories:
            await RoleChanges(repositories, actor).remove(role_id, expected)
        record("role deleted", actor, role_id=str(role_id))

    @retry_collisions
    async def apply_batch(self, actor: Actor, batch: RoleBatch) -> RoleBatchDone:
        """Make many changes in one transaction: all of them or none."""
        async with self.transaction(actor) as repositories:
            done = await RoleChanges(repositories, actor).apply(batch)
        for made in done.created:
            _record("role created", actor, made)
        for changed in done.updated:
            _record("role changed", actor, changed)
        for role_id in done.deleted:
            record("role deleted", actor, role_id=str(role_id))
        return done


def _record(event: str, actor: Actor, role: Role) -> None:
    """Log which permissions the role has from now on."""
    record(
        event,
        actor,
        role_id=str(role.id),
        role=shown(role.name),
        permissions=role.permissions,
    )
