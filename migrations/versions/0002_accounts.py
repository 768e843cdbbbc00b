"""Accounts: users, roles, and their history, which nobody can avoid or edit."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision: Final = "0002_accounts"
down_revision: Final = "0001_privileges"
branch_labels: Final = None
depends_on: Final = None

TIMESTAMP: Final = sa.DateTime(timezone=True)
NOW: Final = sa.func.now()

# BEFORE UPDATE: whoever changes a row, its version and time follow.
TOUCH: Final = """
CREATE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END $$
"""

# BEFORE UPDATE: no session outlives its user's being disabled, whoever disables him and
# even if Redis, where sessions are, cannot be told.
RENEW_STAMP: Final = """
CREATE FUNCTION renew_stamp() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.stamp := gen_random_uuid();
    RETURN NEW;
END $$
"""

# What history may show of a row: no secret, and the role by its name.
IMAGE: Final = """
CREATE FUNCTION history_image(image jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF image ? 'role_id' THEN
        image := image || jsonb_build_object('role', (
            SELECT roles.name FROM public.roles
            WHERE roles.id = (image ->> 'role_id')::uuid
        ));
    END IF;
    RETURN image - '{password_hash,stamp,role_id}'::text[];
END $$
"""

# Names of the fields in which two rows differ; a new password is told without the word.
CHANGED: Final = """
CREATE FUNCTION history_changed(old_row jsonb, new_row jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT CASE
        WHEN key = 'password_hash' THEN 'credentials'
        WHEN key = 'role_id' THEN 'role'
        ELSE key END), '{}')
    FROM jsonb_each(new_row)
    WHERE value IS DISTINCT FROM old_row -> key
        AND key NOT IN ('stamp', 'version', 'updated_at')
$$
"""

# Runs as the owner, so that the service's role needs no right to write history.
RECORD: Final = """
CREATE FUNCTION record_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
BEGIN
    INSERT INTO public.history (
        table_name, row_id, operation, old, new, changed,
        actor_id, actor_login, request_id
    ) VALUES (
        TG_TABLE_NAME,
        (coalesce(new_row, old_row) ->> 'id')::uuid,
        lower(TG_OP),
        public.history_image(old_row),
        public.history_image(new_row),
        CASE WHEN TG_OP = 'UPDATE'
            THEN public.history_changed(old_row, new_row) ELSE '{}' END,
        nullif(current_setting('prilavok.actor_id', true), '')::uuid,
        nullif(current_setting('prilavok.actor_login', true), ''),
        nullif(current_setting('prilavok.request_id', true), '')
    );
    RETURN NULL;
END $$
"""

# TRUNCATE fires no row triggers: copy the table before it is emptied.
RECORD_TRUNCATE: Final = """
CREATE FUNCTION record_truncate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format($query$
        INSERT INTO public.history (
            table_name, row_id, operation, old, changed,
            actor_id, actor_login, request_id
        ) SELECT
            %1$L, id, 'truncate', public.history_image(to_jsonb(emptied)), '{}',
            nullif(current_setting('prilavok.actor_id', true), '')::uuid,
            nullif(current_setting('prilavok.actor_login', true), ''),
            nullif(current_setting('prilavok.request_id', true), '')
        FROM public.%1$I AS emptied
    $query$, TG_TABLE_NAME);
    RETURN NULL;
END $$
"""

# Deferred to the commit, so that a batch may replace one administrator by another;
# the lock lets only one such transaction at a time look and commit.
KEEP_ADMINISTRATOR: Final = """
CREATE FUNCTION keep_an_administrator() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    admin_role uuid := (
        SELECT id FROM public.roles WHERE built_in AND name = 'Admin'
    );
BEGIN
    IF OLD.role_id IS DISTINCT FROM admin_role THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('prilavok.administrators', 0));
    IF NOT EXISTS (
        SELECT FROM public.users WHERE role_id = admin_role AND is_active
    ) THEN
        RAISE EXCEPTION 'the last active administrator must stay' USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'ck__users__last_administrator';
    END IF;
    RETURN NULL;
END $$
"""

FUNCTIONS: Final = (
    "touch_row()",
    "renew_stamp()",
    "record_history()",
    "record_truncate()",
    "history_image(jsonb)",
    "history_changed(jsonb, jsonb)",
    "keep_an_administrator()",
)

TABLE_TRIGGERS: Final = (
    """
    CREATE TRIGGER touch BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_row()
    """,
    """
    CREATE TRIGGER history_insert_delete AFTER INSERT OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION record_history()
    """,
    """
    CREATE TRIGGER history_update AFTER UPDATE ON {table} FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION record_history()
    """,
    """
    CREATE TRIGGER history_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION record_truncate()
    """,
)

USER_TRIGGERS: Final = (
    """
    CREATE TRIGGER renew_stamp BEFORE UPDATE ON users FOR EACH ROW
    WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION renew_stamp()
    """,
    """
    CREATE CONSTRAINT TRIGGER keep_an_administrator_update AFTER UPDATE ON users
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
        OLD.is_active
        AND (NEW.is_active, NEW.role_id)
            IS DISTINCT FROM (OLD.is_active, OLD.role_id)
    ) EXECUTE FUNCTION keep_an_administrator()
    """,
    """
    CREATE CONSTRAINT TRIGGER keep_an_administrator_delete AFTER DELETE ON users
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_active)
    EXECUTE FUNCTION keep_an_administrator()
    """,
)


def upgrade() -> None:
    """Make the tables, then the triggers that nobody but the owner can drop."""
    _create_roles()
    _create_users()
    _create_history()
    functions = (
        TOUCH,
        RENEW_STAMP,
        IMAGE,
        CHANGED,
        RECORD,
        RECORD_TRUNCATE,
        KEEP_ADMINISTRATOR,
    )
    for function in functions:
        op.execute(function)
    for table in ("roles", "users"):
        for trigger in TABLE_TRIGGERS:
            op.execute(trigger.format(table=table))
    for trigger in USER_TRIGGERS:
        op.execute(trigger)
    role = op.get_bind().dialect.identifier_preparer.quote(
        context.config.attributes["app_role"],
    )
    op.execute(f"REVOKE INSERT, UPDATE, DELETE ON history FROM {role}")


def downgrade() -> None:
    """Drop tables with their triggers, then the functions."""
    for table in ("history", "users", "roles"):
        op.drop_table(table)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")


def _uuid_key() -> sa.Column[UUID]:
    made = sa.text("uuidv7()")
    return sa.Column("id", sa.Uuid(), server_default=made, nullable=False)


def _create_roles() -> None:
    op.create_table(
        "roles",
        _uuid_key(),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("permissions", ARRAY(sa.Text()), nullable=False),
        sa.Column("built_in", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__roles")),
    )
    op.create_index("uq__roles__name", "roles", [sa.text("lower(name)")], unique=True)


def _create_users() -> None:
    op.create_table(
        "users",
        _uuid_key(),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("first_name", sa.String(50), nullable=False),
        sa.Column("last_name", sa.String(50), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column(
            "stamp",
            sa.Uuid(),
            server_default=sa.func.gen_random_uuid(),
            nullable=False,
        ),
        sa.Column("avatar_state", sa.Text(), server_default="none", nullable=False),
        sa.Column("avatar_reason", sa.Text(), nullable=True),
        sa.Column("registered_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__users")),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["roles.id"],
            name=op.f("fk__users__role_id"),
            ondelete="RESTRICT",
        ),
    )
    op.create_index(op.f("ix__users__role_id"), "users", ["role_id"])
    op.create_index("ix__users__registered_at", "users", ["registered_at", "id"])
    for column in ("login", "email"):
        op.create_index(
            f"uq__users__{column}",
            "users",
            [sa.text(f"lower({column})")],
            unique=True,
        )


def _create_history() -> None:
    op.create_table(
        "history",
        _uuid_key(),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("old", JSONB(), nullable=True),
        sa.Column("new", JSONB(), nullable=True),
        sa.Column("changed", ARRAY(sa.Text()), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_login", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column(
            "at",
            TIMESTAMP,
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__history")),
    )
    op.create_index(
        "ix__history__table_name_row_id_id",
        "history",
        ["table_name", "row_id", "id"],
    )
    op.create_index("ix__history__actor_id_id", "history", ["actor_id", "id"])
