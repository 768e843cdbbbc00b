"""What signing in needs to know of an account, secrets included."""

from dataclasses import dataclass
from typing import Any, Final, final
from uuid import UUID

from sqlalchemy import String, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

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
WHO_IS_THIS: Final = HotRead(
    select(
        UserRow.login,
        UserRow.is_active,
        UserRow.stamp,
        RoleRow.permissions,
    )
    .join(RoleRow, RoleRow.id == UserRow.role_id)
    .where(UserRow.id == bindparam("id")),
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
@dataclass(frozen=True, slots=True)
class Standing:
    """What an account may do at this moment."""

    login: str
    is_active: bool
    stamp: str
    permissions: frozenset[str]


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
        rows = await WHO_IS_THIS.fetch(self._session, id=user_id)
        if not rows:
            return None
        login, is_active, stamp, permissions = rows[0]
        return Standing(login, is_active, str(stamp), frozenset(permissions))

    async def replace(self, user_id: UUID, password_hash: str) -> str:
        """Store a new password; the new stamp ends the sessions of the old one."""
        stored = await self._session.execute(
            update(UserRow)
            .where(UserRow.id == user_id)
            .values(password_hash=password_hash, stamp=func.gen_random_uuid())
            .returning(UserRow.stamp),
        )
        stamp = stored.scalar_one_or_none()
        if stamp is None:
            raise NotFound("There is no such user.")
        return str(stamp)

    async def rehash(self, user_id: UUID, old_hash: str, new_hash: str) -> None:
        """Store the same password hashed by newer parameters; sessions go on."""
        await self._session.execute(
            update(UserRow)
            .where(UserRow.id == user_id, UserRow.password_hash == old_hash)
            .values(password_hash=new_hash),
        )


def _first(rows: list[Any]) -> Credentials | None:
    if not rows:
        return None
    user_id, password_hash, stamp, is_active = rows[0]
    return Credentials(user_id, password_hash, str(stamp), is_active)
