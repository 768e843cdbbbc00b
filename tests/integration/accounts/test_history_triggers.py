"""History by triggers. Numbers: docs/security.md."""

from typing import Final
from uuid import UUID, uuid4

import pytest
from asyncpg import Connection

from tests.integration.accounts.rows import (
    HASH,
    USER_COLUMNS,
    add_role,
    add_user,
    history_of,
    name_actor,
)

ACTOR_ID: Final = "019a9f3e-7d10-7cc3-98c4-dc0c0c07398f"


@pytest.fixture
async def user_id(app_sql: Connection) -> UUID:
    """Have an account to change."""
    return await add_user(app_sql, "sql-ann", await add_role(app_sql, "Sql role"))


async def test_each_statement_leaves_one_row(
    app_sql: Connection,
    user_id: UUID,
) -> None:
    """30: insert, update and delete by direct SQL, with both images of the row."""
    await app_sql.execute("UPDATE users SET last_name='Jones' WHERE id=$1", user_id)
    await app_sql.execute("DELETE FROM users WHERE id=$1", user_id)
    made, changed, gone = await history_of(app_sql, user_id)

    assert (made.operation, made.old, made.changed) == ("insert", None, [])
    assert made.new and made.new["login"] == "sql-ann"
    assert (changed.operation, changed.changed) == ("update", ["last_name"])
    assert changed.old and changed.old["last_name"] == "Smith"
    assert changed.new and changed.new["last_name"] == "Jones"
    assert (gone.operation, gone.new) == ("delete", None)
    assert gone.old == changed.new


async def test_equal_values_leave_no_row_and_no_version(
    app_sql: Connection,
    user_id: UUID,
) -> None:
    """30: only effective changes are changes."""
    await app_sql.execute("UPDATE users SET last_name='Smith' WHERE id=$1", user_id)
    version = await app_sql.fetchval("SELECT version FROM users WHERE id=$1", user_id)

    assert len(await history_of(app_sql, user_id)) == 1
    assert version == 1


async def test_copy_is_seen(app_sql: Connection) -> None:
    """30: rows loaded by COPY have their history like others."""
    role_id = await add_role(app_sql, "Sql copied")
    user_ids = [uuid4() for _ in range(20)]
    await app_sql.copy_records_to_table(
        "users",
        columns=("id", *USER_COLUMNS),
        records=[
            (user_id, f"copied-{number}", "Ann", "Smith", role_id, HASH)
            for number, user_id in enumerate(user_ids)
        ],
    )

    for user_id in user_ids:
        history = await history_of(app_sql, user_id)
        assert [row.operation for row in history] == ["insert"]


async def test_cascade_is_seen(owner_sql: Connection) -> None:
    """30: what a foreign key deletes leaves history, too."""
    role_id = await add_role(owner_sql, "Sql cascading")
    user_id = await add_user(owner_sql, "sql-ann", role_id)
    await owner_sql.execute("ALTER TABLE users DROP CONSTRAINT fk__users__role_id")
    await owner_sql.execute(
        "ALTER TABLE users ADD FOREIGN KEY (role_id)"
        " REFERENCES roles (id) ON DELETE CASCADE",
    )
    await owner_sql.execute("DELETE FROM roles WHERE id=$1", role_id)

    assert [row.operation for row in await history_of(owner_sql, user_id)] == [
        "insert",
        "delete",
    ]


async def test_truncate_copies_the_table_first(owner_sql: Connection) -> None:
    """30: each row that TRUNCATE takes leaves its last image."""
    role_id = await add_role(owner_sql, "Sql emptied")
    user_id = await add_user(owner_sql, "sql-ann", role_id)
    await name_actor(owner_sql, ACTOR_ID, "boss", "request-9")
    await owner_sql.execute("TRUNCATE users, roles")
    _, lost = await history_of(owner_sql, user_id)
    role = (await history_of(owner_sql, role_id))[-1]

    assert (lost.operation, lost.new, lost.request_id) == (
        "truncate",
        None,
        "request-9",
    )
    assert lost.old and lost.old["role"] == "Sql emptied"
    assert (role.operation, role.actor_login) == ("truncate", "boss")


async def test_actor_and_request_are_named(
    app_sql: Connection,
    user_id: UUID,
) -> None:
    """30: whoever the transaction names; nobody where it names nobody."""
    await name_actor(app_sql, ACTOR_ID, "boss", "request-7")
    await app_sql.execute("UPDATE users SET language='de' WHERE id=$1", user_id)
    before, named = await history_of(app_sql, user_id)

    assert (before.actor_id, before.actor_login, before.request_id) == (None,) * 3
    assert (named.actor_id, named.actor_login) == (UUID(ACTOR_ID), "boss")
    assert named.request_id == "request-7"


async def test_secrets_never_reach_history(
    app_sql: Connection,
    user_id: UUID,
) -> None:
    """32: no hash, no stamp, and no word of a password; it shows as credentials."""
    await app_sql.execute(
        "UPDATE users SET password_hash='other', stamp=gen_random_uuid()"
        " WHERE id=$1",
        user_id,
    )
    _, changed = await history_of(app_sql, user_id)
    written = await app_sql.fetch(
        "SELECT history::text FROM history WHERE row_id=$1",
        user_id,
    )

    assert changed.changed == ["credentials"]
    for row in written:
        assert HASH not in row[0]
        assert "password" not in row[0]
        assert "stamp" not in row[0]


async def test_role_shows_by_name(app_sql: Connection, user_id: UUID) -> None:
    """A changed role is told by names, which outlive the role."""
    other = await add_role(app_sql, "Sql other")
    await app_sql.execute("UPDATE users SET role_id=$1 WHERE id=$2", other, user_id)
    _, changed = await history_of(app_sql, user_id)

    assert changed.changed == ["role"]
    assert changed.old and changed.old["role"] == "Sql role"
    assert changed.new and changed.new["role"] == "Sql other"


async def test_direct_sql_is_told_by_its_database_user(
    app_sql: Connection,
    owner_sql: Connection,
) -> None:
    """30: who is no actor of the service is named as the database knows them."""
    for connection in (app_sql, owner_sql):
        role_id = await add_role(connection, f"Sql {id(connection)}")
        made = (await history_of(connection, role_id))[0]
        user = await connection.fetchval("SELECT session_user")
        assert (made.actor_id, made.database_user) == (None, user)


async def test_actor_of_the_service_is_no_database_user(app_sql: Connection) -> None:
    """30: the service's own role is of no interest where the actor is named."""
    await name_actor(app_sql, ACTOR_ID, "ann", "request-1")
    role_id = await add_role(app_sql, "Sql named")
    made = (await history_of(app_sql, role_id))[0]

    assert (made.actor_login, made.database_user) == ("ann", None)


async def test_new_stamp_alone_is_no_change(
    app_sql: Connection,
    user_id: UUID,
) -> None:
    """Ending somebody's sessions makes nobody's edit stale."""
    await app_sql.execute(
        "UPDATE users SET stamp = gen_random_uuid() WHERE id = $1",
        user_id,
    )
    version = await app_sql.fetchval("SELECT version FROM users WHERE id=$1", user_id)

    assert version == 1
    assert len(await history_of(app_sql, user_id)) == 1
