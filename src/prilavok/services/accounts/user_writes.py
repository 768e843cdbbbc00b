"""The transactions that change accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, final
from uuid import UUID

from prilavok.domain.access import Actor
from prilavok.domain.users import Changes, CreateUser, User, UserBatchDone
from prilavok.domain.versions import Expected
from prilavok.repositories.transaction import Transaction
from prilavok.services.accounts.user_changes import UserChanges
from prilavok.services.retries import retry_collisions

NewUsers: TypeAlias = Sequence[tuple[CreateUser, str]]


@final
@dataclass(frozen=True, slots=True)
class UserWrites:
    """One transaction each, with hashes made before; repeated when two collide."""

    transaction: Transaction

    @retry_collisions
    async def create(self, actor: Actor, new: CreateUser, password_hash: str) -> User:
        """Store a new account."""
        async with self.transaction(actor) as repositories:
            return await UserChanges(repositories, actor).create(new, password_hash)

    @retry_collisions
    async def edit(
        self,
        actor: Actor,
        user_id: UUID,
        changes: Changes,
        expected: Expected,
    ) -> User:
        """Change what differs."""
        writes_own = user_id == actor.user_id
        async with self.transaction(actor, writes_own=writes_own) as repositories:
            work = UserChanges(repositories, actor)
            return await work.edit(user_id, changes, expected)

    @retry_collisions
    async def remove(self, actor: Actor, user_id: UUID, expected: Expected) -> None:
        """Delete an account."""
        writes_own = user_id == actor.user_id
        async with self.transaction(actor, writes_own=writes_own) as repositories:
            await UserChanges(repositories, actor).remove(user_id, expected)

    @retry_collisions
    async def apply(
        self,
        actor: Actor,
        create: NewUsers,
        update: Sequence[Changes],
        delete: tuple[UUID, ...],
    ) -> UserBatchDone:
        """Do all of a batch or nothing."""
        named = {changes["id"] for changes in update} | set(delete)
        writes_own = actor.user_id in named
        async with self.transaction(actor, writes_own=writes_own) as repositories:
            work = UserChanges(repositories, actor)
            return await work.apply(create, update, delete)
