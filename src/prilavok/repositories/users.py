"""Stored staff accounts."""

from collections.abc import Collection, Mapping
from typing import Any, Final, final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    DateTime,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.errors import NotFound
from prilavok.domain.paging import Batch, Page
from prilavok.domain.roles import ADMIN
from prilavok.domain.sessions import Holder
from prilavok.domain.users import Avatar, ListUsers, User
from prilavok.repositories.database_errors import database_errors
from prilavok.repositories.filters import contains
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.listing import Listing
from prilavok.repositories.places import Place
from prilavok.repositories.tables.accounts import RoleRow, UserRow

USERS: Final = select(
    UserRow.id,
    UserRow.login,
    UserRow.first_name,
    UserRow.last_name,
    UserRow.email,
    UserRow.birth_date,
    RoleRow.name.label("role"),
    UserRow.language,
    UserRow.is_active,
    UserRow.registered_at,
    UserRow.updated_at,
    UserRow.version,
    UserRow.avatar_state,
    UserRow.avatar_reason,
).join(RoleRow, RoleRow.id == UserRow.role_id)
COLUMNS: Final = len(USERS.selected_columns)
BY_ID: Final = HotRead(USERS.where(UserRow.id == bindparam("id")))
HOLDERS: Final = HotRead(
    select(UserRow.id, UserRow.login).where(
        UserRow.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
    ),
)
# The lock that the trigger ``keep_an_administrator`` takes, too.
LOCK_ADMINISTRATORS: Final = select(
    func.pg_advisory_xact_lock(
        func.hashtextextended("prilavok.administrators", literal_column("0")),
    ),
)
MOMENT: Final = DateTime(timezone=True)
LISTING: Final = Listing(
    base=USERS,
    filters={
        "search": contains(
            "search",
            UserRow.login,
            UserRow.first_name,
            UserRow.last_name,
            UserRow.email,
        ),
        "role": RoleRow.name == bindparam("role"),
        "is_active": UserRow.is_active == bindparam("is_active"),
        "registered_from": UserRow.registered_at
        >= bindparam("registered_from", type_=MOMENT),
        "registered_to": UserRow.registered_at
        < bindparam("registered_to", type_=MOMENT),
    },
    orders={
        "login": func.lower(UserRow.login),
        "first_name": func.lower(UserRow.first_name),
        "last_name": func.lower(UserRow.last_name),
        "email": func.lower(UserRow.email),
        "birth_date": UserRow.birth_date,
        "role": RoleRow.name,
        "is_active": UserRow.is_active,
        "registered_at": UserRow.registered_at,
        "updated_at": UserRow.updated_at,
    },
    key=UserRow.id,
)


@final
class UserRepository:
    """Reads and writes the ``users`` table."""

    def __init__(self, session: AsyncSession) -> None:
        """Work inside the caller's transaction; never commit here."""
        self._session = session

    async def get(self, user_id: UUID) -> User:
        """Read one account."""
        rows = await BY_ID.fetch(self._session, id=user_id)
        if not rows:
            raise NotFound("There is no such user.")
        return _to_user(rows[0])

    async def get_holders(self, ids: Collection[UUID]) -> dict[UUID, Holder]:
        """Read the logins of those ids that are accounts still."""
        rows = await HOLDERS.fetch(self._session, ids=list(ids))
        return {row["id"]: Holder(row["id"], row["login"]) for row in rows}

    async def get_page(self, query: ListUsers) -> Page[User]:
        """Read one page."""
        return await LISTING.get_page(self._session, _to_user, query)

    async def get_batch(
        self,
        query: ListUsers,
        place: Place | None,
    ) -> Batch[User]:
        """Read some of all accounts that pass the filters, from a place on."""
        return await LISTING.get_batch(self._session, _to_user, query, place)

    async def lock(self, user_id: UUID) -> User:
        """Read one account that nobody else may change in the meantime."""
        await self._session.execute(
            select(UserRow.id).where(UserRow.id == user_id).with_for_update(),
        )
        return await self.get(user_id)

    async def add(self, columns: Mapping[str, Any]) -> UUID:
        """Store an account; ``LoginTaken`` and ``EmailTaken`` are raised here."""
        statement = insert(UserRow).values(**columns).returning(UserRow.id)
        with database_errors():
            return (await self._session.execute(statement)).scalar_one()

    async def edit(self, user_id: UUID, columns: Mapping[str, Any]) -> None:
        """Change columns of one account; equal values leave no trace."""
        with database_errors():
            await self._session.execute(
                update(UserRow).where(UserRow.id == user_id).values(**columns),
            )

    async def remove(self, user_id: UUID) -> None:
        """Delete one account; its history stays."""
        await self._session.execute(delete(UserRow).where(UserRow.id == user_id))

    async def lock_administrators(self) -> None:
        """Let one transaction at a time look for administrators and change them."""
        await self._session.execute(LOCK_ADMINISTRATORS)

    async def administrator_exists(self) -> bool:
        """Tell whether anybody active holds the role Admin."""
        found = await self._session.scalar(
            select(UserRow.id)
            .join(RoleRow, RoleRow.id == UserRow.role_id)
            .where(RoleRow.name == ADMIN, UserRow.is_active)
            .limit(1),
        )
        return found is not None


def _to_user(row: Any) -> User:
    """Read the columns of ``USERS``, which stand in the order of the fields."""
    *fields, avatar_state, avatar_reason = row[:COLUMNS]
    fields.append(Avatar(avatar_state, avatar_reason))
    return User(*fields)
