"""Tables of accounts: users, their roles, and the history of both."""

from datetime import date, datetime
from typing import Any, final
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from prilavok.domain import roles, users
from prilavok.repositories.tables.base import Row


def unique_at_the_end(name: str, column: str) -> ExcludeConstraint:
    """Refuse equal texts whatever their case; a batch may ask for that at its end.

    No index, even a unique one, of an expression can be deferred, and a column that is
    generated would show in versions and history. An exclusion by equality is the same.
    """
    return ExcludeConstraint(
        (func.lower(text(column)), "="),
        name=name,
        using="btree",
        deferrable=True,
        initially="IMMEDIATE",
    )


@final
class RoleRow(Row):
    """A named set of permissions; the built-in ones are made at start."""

    __tablename__ = "roles"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    name: Mapped[str] = mapped_column(String(roles.NAME_MAX_LENGTH))
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    built_in: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (unique_at_the_end("uq__roles__name", "name"),)


@final
class UserRow(Row):
    """A staff account.

    ``stamp`` changes with the password and, by a trigger, when the account is disabled;
    sessions carry it, so that both end them. Version and ``updated_at`` are kept by a
    trigger as well.
    """

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    login: Mapped[str] = mapped_column(String(users.LOGIN_MAX_LENGTH))
    first_name: Mapped[str] = mapped_column(String(users.NAME_MAX_LENGTH))
    last_name: Mapped[str] = mapped_column(String(users.NAME_MAX_LENGTH))
    email: Mapped[str | None] = mapped_column(String(users.EMAIL_MAX_LENGTH))
    birth_date: Mapped[date | None]
    role_id: Mapped[UUID] = mapped_column(
        ForeignKey("roles.id", ondelete="RESTRICT"),
        index=True,
    )
    language: Mapped[str] = mapped_column(Text, server_default=users.DEFAULT_LANGUAGE)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    password_hash: Mapped[str] = mapped_column(Text)
    stamp: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    avatar_state: Mapped[str] = mapped_column(
        Text,
        server_default=users.AvatarState.NONE,
    )
    avatar_reason: Mapped[str | None] = mapped_column(Text)
    registered_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"))

    __table_args__ = (
        unique_at_the_end("uq__users__login", "login"),
        unique_at_the_end("uq__users__email", "email"),
        Index("ix__users__registered_at", "registered_at", "id"),
    )


@final
class HistoryRow(Row):
    """One change of one row, written by triggers; the service can only read it."""

    __tablename__ = "history"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    table_name: Mapped[str] = mapped_column(Text)
    row_id: Mapped[UUID]
    operation: Mapped[str] = mapped_column(Text)
    old: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    new: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    changed: Mapped[list[str]] = mapped_column(ARRAY(Text))
    actor_id: Mapped[UUID | None]
    actor_login: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)
    database_user: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (
        Index("ix__history__table_name_row_id_id", "table_name", "row_id", "id"),
        Index("ix__history__actor_id_id", "actor_id", "id"),
    )
