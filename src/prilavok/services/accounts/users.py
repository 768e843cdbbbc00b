"""Staff accounts: showing, making, changing and removing them."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import final
from uuid import UUID

from prilavok.clients.passwords import Passwords
from prilavok.domain.access import Actor
from prilavok.domain.errors import NotFound
from prilavok.domain.paging import Page
from prilavok.domain.users import (
    Changes,
    CreateUser,
    ListUsers,
    User,
    UserBatch,
    UserBatchDone,
)
from prilavok.domain.versions import Expected
from prilavok.repositories.transaction import Reading
from prilavok.services.accounts.sessions import SessionService
from prilavok.services.accounts.user_audit import (
    record_batch,
    record_creation,
    record_edit,
    record_removal,
)
from prilavok.services.accounts.user_changes import ends_sessions
from prilavok.services.accounts.user_secrets import UserSecrets
from prilavok.services.accounts.user_writes import UserWrites
from prilavok.services.batches import read_whole


@final
@dataclass(frozen=True, slots=True)
class UserService:
    """Use cases of accounts."""

    reading: Reading
    writes: UserWrites
    sessions: SessionService
    secrets: UserSecrets
    passwords: Passwords

    async def get(self, user_id: UUID) -> User:
        """Show one account."""
        async with self.reading() as repositories:
            return await repositories.users.get(user_id)

    async def get_by_login(self, login: str) -> User:
        """Show one account, by its login."""
        async with self.reading() as repositories:
            found = await repositories.credentials.find_by_login(login)
            if found is None:
                raise NotFound("There is no such user.")
            return await repositories.users.get(found.user_id)

    async def list_page(self, query: ListUsers) -> Page[User]:
        """Show part of the accounts."""
        async with self.reading() as repositories:
            return await repositories.users.get_page(query)

    def stream(self, query: ListUsers) -> AsyncIterator[User]:
        """Show all accounts that pass the filters."""
        return read_whole(
            self.reading,
            lambda repositories, place: repositories.users.get_batch(query, place),
        )

    async def create(self, actor: Actor, command: CreateUser) -> User:
        """Make an account; nobody gives a role that can more than he."""
        password_hash = await self.passwords.make_hash(command.password, actor.origin)
        user = await self.writes.create(actor, command, password_hash)
        record_creation(actor, user)
        return user

    async def edit(
        self,
        actor: Actor,
        user_id: UUID,
        changes: Changes,
        expected: Expected,
    ) -> User:
        """Change an account; equal values change nothing.

        A new password ends the account's sessions, except the one that asks; disabling
        the account ends them all.
        """
        changes = await self.secrets.prepare(actor, user_id, changes)
        user = await self.writes.edit(actor, user_id, changes, expected)
        record_edit(actor, user, changes)
        await self._forget_sessions(actor, [changes | {"id": user_id}])
        return user

    async def remove(self, actor: Actor, user_id: UUID, expected: Expected) -> None:
        """Delete an account and end its sessions; its history stays."""
        await self.writes.remove(actor, user_id, expected)
        record_removal(actor, user_id)
        await self.sessions.forget_all(user_id)

    async def apply_batch(self, actor: Actor, batch: UserBatch) -> UserBatchDone:
        """Make many changes in one transaction: all of them or none."""
        updates = await self.secrets.prepare_all(actor, batch)
        hashes = [
            await self.passwords.make_hash(new.password, actor.origin)
            for new in batch.create
        ]
        create = tuple(zip(batch.create, hashes))
        done = await self.writes.apply(actor, create, updates, batch.delete)
        record_batch(actor, done, updates)
        await self._forget_sessions(actor, updates)
        for user_id in batch.delete:
            await self.sessions.forget_all(user_id)
        return done

    async def _forget_sessions(self, actor: Actor, changed: Iterable[Changes]) -> None:
        """Delete sessions that the new stamp of their user has ended.

        Whoever sets their own password stays signed in. An account is looked at once,
        however often a batch has changed it.
        """
        merged: dict[UUID, Changes] = {}
        for one in changed:
            merged[one["id"]] = merged.get(one["id"], {}) | one
        for changes in merged.values():
            if ends_sessions(changes):
                is_own = changes["id"] == actor.user_id and "stamp" in changes
                await self.sessions.forget_all(
                    changes["id"],
                    actor.session_id if is_own else None,
                    str(changes.get("stamp", "")),
                )
