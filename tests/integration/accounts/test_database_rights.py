"""What the service's own database role can and cannot do."""

from typing import Final

import pytest
from asyncpg import Connection, InsufficientPrivilegeError

from tests.integration.accounts.rows import add_role

REFUSED: Final = (
    "INSERT INTO history (table_name, row_id, operation, changed)"
    " VALUES ('users', uuidv7(), 'update', '{}')",
    "UPDATE history SET actor_login = 'somebody else'",
    "DELETE FROM history",
    "TRUNCATE history",
    "TRUNCATE users",
    "TRUNCATE users, roles CASCADE",
    "DROP TABLE history",
    "ALTER TABLE users DISABLE TRIGGER ALL",
    "ALTER TABLE users DISABLE TRIGGER history_update",
    "DROP TRIGGER history_update ON users",
    "SET session_replication_role = replica",
    "DROP FUNCTION record_history() CASCADE",
    "CREATE OR REPLACE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'",
    "ALTER FUNCTION record_history() SECURITY INVOKER",
    "ALTER TABLE users OWNER TO CURRENT_USER",
    "ALTER TABLE users ADD COLUMN other text",
    "CREATE TABLE public.mine (id integer)",
    "CREATE TEMP TABLE users (id integer)",
    "CREATE SCHEMA mine",
    "CREATE RULE quiet AS ON UPDATE TO users DO INSTEAD NOTHING",
    "CREATE ROLE mine",
    "COPY history FROM PROGRAM 'true'",
    "COPY users TO '/tmp/users'",
    "UPDATE alembic_version SET version_num = 'none'",
)
OUR_FUNCTIONS: Final = """
    SELECT proname, prosecdef, pg_get_userbyid(proowner) AS owner,
        coalesce(array_to_string(proconfig, ';'), '') AS config
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (
            SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e'
        )
"""
ROLES: Final = """
    SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls
    FROM pg_roles WHERE rolname = CURRENT_USER
"""


@pytest.mark.parametrize("statement", REFUSED)
async def test_service_role_is_refused(app_sql: Connection, statement: str) -> None:
    """30, 33: history cannot be written, nor the tables' guards be taken away."""
    with pytest.raises(InsufficientPrivilegeError):
        await app_sql.execute(statement)


@pytest.mark.parametrize("table", ["users", "roles"])
async def test_service_role_reads_and_writes_rows(
    app_sql: Connection,
    table: str,
) -> None:
    """33: all that the service needs."""
    rights = await app_sql.fetch(
        "SELECT lower(privilege_type) FROM information_schema.table_privileges"
        " WHERE table_name = $1 AND grantee = CURRENT_USER",
        table,
    )

    assert {right[0] for right in rights} == {"select", "insert", "update", "delete"}


async def test_service_role_only_reads_history(app_sql: Connection) -> None:
    """30: what triggers wrote is there to read, and nothing else."""
    await add_role(app_sql, "Sql seen")
    rights = await app_sql.fetch(
        "SELECT lower(privilege_type) FROM information_schema.table_privileges"
        " WHERE table_name = 'history' AND grantee = CURRENT_USER",
    )

    assert [right[0] for right in rights] == ["select"]
    assert await app_sql.fetchval("SELECT count(*) FROM history")


async def test_definers_pin_their_search_path(
    app_sql: Connection,
    owner_sql: Connection,
) -> None:
    """32: they belong to the owner, and find only what they mean."""
    owner = await owner_sql.fetchval("SELECT CURRENT_USER")
    app = await app_sql.fetchval("SELECT CURRENT_USER")
    functions = await owner_sql.fetch(OUR_FUNCTIONS)

    assert owner != app
    assert sum(function["prosecdef"] for function in functions) >= 3
    for function in functions:
        assert function["owner"] == owner
        assert "search_path=pg_catalog, pg_temp" in function["config"]


async def test_neither_role_has_power_over_the_server(
    app_sql: Connection,
    owner_sql: Connection,
) -> None:
    """33: no superuser, no maker of roles or databases."""
    for sql in (app_sql, owner_sql):
        assert not any(await sql.fetchrow(ROLES) or [True])
