"""Sources, with their history; their credentials never show in it."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004_sources"
down_revision: Final = "0003_shop_logs"
branch_labels: Final = None
depends_on: Final = None

NOW: Final = sa.func.now()
# Columns that history never shows, before and after this revision.
OLD_SECRETS: Final = ("password_hash", "stamp")
SECRETS: Final = (*OLD_SECRETS, "credential_header", "credential_secret")

# What history may show of a row: no secret, and the role by its name.
IMAGE: Final = """
CREATE OR REPLACE FUNCTION history_image(image jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF image ? 'role_id' THEN
        image := image || jsonb_build_object('role', (
            SELECT roles.name FROM public.roles
            WHERE roles.id = (image ->> 'role_id')::uuid
        ));
    END IF;
    RETURN image - '{{{secrets},role_id}}'::text[];
END $$
"""

# Names of the fields in which two rows differ; secrets are one word together.
CHANGED: Final = """
CREATE OR REPLACE FUNCTION history_changed(old_row jsonb, new_row jsonb)
RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT CASE
        WHEN key = ANY ('{{{secrets}}}'::text[]) THEN 'credentials'
        WHEN key = 'role_id' THEN 'role'
        ELSE key END), '{{}}')
    FROM jsonb_each(new_row)
    WHERE value IS DISTINCT FROM old_row -> key
        AND key NOT IN ('stamp', 'version', 'updated_at')
$$
"""

TRIGGERS: Final = (
    """
    CREATE TRIGGER touch BEFORE UPDATE ON sources FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_row()
    """,
    """
    CREATE TRIGGER history_insert_delete AFTER INSERT OR DELETE ON sources
    FOR EACH ROW EXECUTE FUNCTION record_history()
    """,
    """
    CREATE TRIGGER history_update AFTER UPDATE ON sources FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION record_history()
    """,
    """
    CREATE TRIGGER history_truncate BEFORE TRUNCATE ON sources
    FOR EACH STATEMENT EXECUTE FUNCTION record_truncate()
    """,
)


def upgrade() -> None:
    """Hide the new secrets from history, then make the table that has them."""
    _hide(SECRETS)
    op.create_table(
        "sources",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("timeout_s", sa.Double(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("credential_header", sa.Text(), nullable=True),
        sa.Column("credential_secret", sa.Text(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=NOW,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__sources")),
    )
    lower_name = sa.text("lower(name)")
    op.create_index("uq__sources__name", "sources", [lower_name], unique=True)
    op.create_index("ix__sources__position_id", "sources", ["position", "id"])
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Drop the table with its triggers; what history has of it stays."""
    op.drop_table("sources")
    _hide(OLD_SECRETS)


def _hide(secrets: tuple[str, ...]) -> None:
    listed = ",".join(secrets)
    for function in (IMAGE, CHANGED):
        op.execute(function.format(secrets=listed))
