"""Rows written by direct SQL, and what history says of them."""

import json
from dataclasses import dataclass
from typing import Any, Final, final
from uuid import UUID

from asyncpg import Connection, Record

HASH: Final = "$argon2id$a hash that must never be seen"
USER_COLUMNS: Final = ("login", "first_name", "last_name", "role_id", "password_hash")


@final
@dataclass(frozen=True)
class Recorded:
    """One row of the history."""

    operation: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    changed: list[str]
    actor_id: UUID | None
    actor_login: str | None
    request_id: str | None
    database_user: str | None


async def add_role(sql: Connection, name: str, *permissions: str) -> UUID:
    """Insert a role."""
    found = await sql.fetchval(
        "INSERT INTO roles (name, permissions) VALUES ($1, $2) RETURNING id",
        name,
        permissions,
    )
    return UUID(str(found))


async def add_user(sql: Connection, login: str, role_id: UUID) -> UUID:
    """Insert an account."""
    found = await sql.fetchval(
        "INSERT INTO users (login, first_name, last_name, role_id, password_hash)"
        " VALUES ($1, 'Ann', 'Smith', $2, $3) RETURNING id",
        login,
        role_id,
        HASH,
    )
    return UUID(str(found))


async def name_actor(sql: Connection, actor_id: str, login: str, request: str) -> None:
    """Say who acts for the rest of the transaction."""
    settings = {"actor_id": actor_id, "actor_login": login, "request_id": request}
    for name, wanted in settings.items():
        await sql.execute(
            "SELECT set_config($1, $2, true)",
            f"prilavok.{name}",
            wanted,
        )


async def history_of(sql: Connection, row_id: UUID) -> list[Recorded]:
    """Read what happened to one row, oldest first."""
    rows = await sql.fetch(
        "SELECT operation, old, new, changed, actor_id, actor_login, request_id,"
        " database_user FROM history WHERE row_id = $1 ORDER BY id",
        row_id,
    )
    return [_recorded(row) for row in rows]


def _recorded(row: Record) -> Recorded:
    known = dict(row)
    images = {name: json.loads(known[name] or "null") for name in ("old", "new")}
    return Recorded(**known | images)
