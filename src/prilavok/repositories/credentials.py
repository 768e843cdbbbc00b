"""What signing in needs to know of an account, secrets included."""

from dataclasses import dataclass
from typing import Any, Final, final
from uuid import UUID

from sqlalchemy import String, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.access import Standing
from prilavok.domain.errors import NotFound
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.tables.accounts import RoleRow, UserRow

BY_LOGIN: Final = HotRead(
    select(UserRow.id, UserRow.password_hash, UserRow.stamp, UserRow.is_active).where(
        func.lower(UserRow.login) == bindparam("login", type_=String),
    ),
)
BY_ID: Final = HotRead(
    select(UserRow.id, UserRow.password_hash, UserRow.stamp, UserRow.is_active).where(
        UserRow.id == bindparam("id"),
    ),
)
STANDING: Final = (
    select(
        UserRow.login,
        UserRow.is_active,
        UserRow.stamp,
        RoleRow.permissions,
    )
    .join(RoleRow, RoleRow.id == UserRow.role_id)
    .where(UserRow.id == bindparam("id"))
)
WHO_IS_THIS: Final = HotRead(STANDING)
# Whoever takes a right away waits for the end of the transactions that rely on it.
HOLD_STANDING: Final = HotRead(STANDING.with_for_update(read=True))
# Two transactions that share a row's lock and then write the row would deadlock.
HOLD_OWN_ROW: Final = HotRead(
    select(UserRow.id)
    .where(UserRow.id == bindparam("id"))
    .with_for_update(key_share=True),
)


@final
@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against; never leaves the services."""

    user_id: UUID
    password_hash: str
    stamp: str
    is_active: bool


@final
class CredentialRepository:
    """Reads and writes the secret columns of ``users``."""

    def __init__(self, session: AsyncSession) -> None:
        """Work inside the caller's transaction; never commit here."""
        self._session = session

    async def find_by_login(self, login: str) -> Credentials | None:
        """Read by login, whatever its case.

        Python's rule of case, not PostgreSQL's, which takes a dotted capital I for a
        plain one: guesses are counted by the same rule.
        """
        return _first(await BY_LOGIN.fetch(self._session, login=login.lower()))

    async def find(self, user_id: UUID) -> Credentials | None:
        """Read by id."""
        return _first(await BY_ID.fetch(self._session, id=user_id))

    async def find_standing(self, user_id: UUID) -> Standing | None:
        """Learn in one round trip who asks and what he may do."""
        return _standing(await WHO_IS_THIS.fetch(self._session, id=user_id))

    async def hold_standing(
        self, user_id: UUID, *, writes_own: bool
    ) -> Standing | None:
        """Read the same, and keep it as it is until the transaction ends.

        ``writes_own``: the transaction is going to change this very account.
        """
        if writes_own:
            await HOLD_OWN_ROW.fetch(self._session, id=user_id)
        rows = await HOLD_STANDING.fetch(self._session, id=user_id)
        if not rows:
            # Of a user whose role changed while we waited nothing is found: the new
            # row does not join the role that was read before.
            rows = await HOLD_STANDING.fetch(self._session, id=user_id)
        return _standing(rows)

    async def await_writes(self, user_id: UUID) -> None:
        """Return when the transactions have ended that hold the user's standing."""
        await HOLD_OWN_ROW.fetch(self._session, id=user_id)

    async def replace(self, user_id: UUID, password_hash: str) -> str:
        """Store a new password; the new stamp ends the sessions of the old one."""
        return await self._renew_stamp(user_id, password_hash=password_hash)

    async def renew_stamp(self, user_id: UUID) -> str:
        """End all sessions of an account, or raise ``NotFound``; the new stamp."""
        return await self._renew_stamp(user_id)

    async def rehash(self, user_id: UUID, old_hash: str, new_hash: str) -> None:
        """Store the same password hashed by newer parameters; sessions go on."""
        await self._session.execute(
            update(UserRow)
            .where(UserRow.id == user_id, UserRow.password_hash == old_hash)
            .values(password_hash=new_hash),
        )

    async def _renew_stamp(self, user_id: UUID, **columns: object) -> str:
        stored = await self._session.execute(
            update(UserRow)
            .where(UserRow.id == user_id)
            .values(stamp=func.gen_random_uuid(), **columns)
            .returning(UserRow.stamp),
        )
        stamp = stored.scalar_one_or_none()
        if stamp is None:
            raise NotFound("There is no such user.")
        return str(stamp)


def _standing(rows: list[Any]) -> Standing | None:
    if not rows:
        return None
    login, is_active, stamp, permissions = rows[0]
    return Standing(login, is_active, str(stamp), frozenset(permissions))


def _first(rows: list[Any]) -> Credentials | None:
    if not rows:
        return None
    user_id, password_hash, stamp, is_active = rows[0]
    return Credentials(user_id, password_hash, str(stamp), is_active)
