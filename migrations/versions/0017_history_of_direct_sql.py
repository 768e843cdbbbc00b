"""History names the database user of direct SQL; a new stamp alone is no change."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0017_history_of_direct_sql"
down_revision: Final = "0016_tighter_packs"
branch_labels: Final = None
depends_on: Final = None

# The service names the actor of each of its transactions. Without one it is somebody
# at a database console, or a program of theirs: who signed in to the database.
WITH_USER: Final = """
    CASE WHEN coalesce(current_setting('prilavok.request_id', true), '') = ''
        THEN session_user END
"""
RECORD: Final = """
CREATE OR REPLACE FUNCTION record_history() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
BEGIN
    INSERT INTO public.history (
        table_name, row_id, operation, old, new, changed,
        actor_id, actor_login, request_id{column}
    ) VALUES (
        TG_TABLE_NAME,
        (coalesce(new_row, old_row) ->> 'id')::uuid,
        lower(TG_OP),
        public.history_image(old_row),
        public.history_image(new_row),
        CASE WHEN TG_OP = 'UPDATE'
            THEN public.history_changed(old_row, new_row) ELSE '{{}}' END,
        nullif(current_setting('prilavok.actor_id', true), '')::uuid,
        nullif(current_setting('prilavok.actor_login', true), ''),
        nullif(current_setting('prilavok.request_id', true), ''){given}
    );
    RETURN NULL;
END $$
"""
RECORD_TRUNCATE: Final = """
CREATE OR REPLACE FUNCTION record_truncate() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format($query$
        INSERT INTO public.history (
            table_name, row_id, operation, old, changed,
            actor_id, actor_login, request_id{column}
        ) SELECT
            %1$L, id, 'truncate', public.history_image(to_jsonb(emptied)), '{{}}',
            nullif(current_setting('prilavok.actor_id', true), '')::uuid,
            nullif(current_setting('prilavok.actor_login', true), ''),
            nullif(current_setting('prilavok.request_id', true), ''){given}
        FROM public.%1$I AS emptied
    $query$, TG_TABLE_NAME);
    RETURN NULL;
END $$
"""
TRIGGERS: Final = (
    """
    CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW
    WHEN ({differ}) EXECUTE FUNCTION touch_row()
    """,
    """
    CREATE OR REPLACE TRIGGER history_update AFTER UPDATE ON users FOR EACH ROW
    WHEN ({differ}) EXECUTE FUNCTION record_history()
    """,
)
# Ending somebody's sessions is no change of the account: its version stays.
BUT_FOR_STAMP: Final = """
to_jsonb(OLD) - 'stamp' IS DISTINCT FROM to_jsonb(NEW) - 'stamp'
"""


def upgrade() -> None:
    """Add the column, and write it; leave stamps out of versions and history."""
    op.add_column("history", sa.Column("database_user", sa.Text(), nullable=True))
    for function in (RECORD, RECORD_TRUNCATE):
        named = function.format(column=", database_user", given=f",{WITH_USER}")
        op.execute(named)
    for trigger in TRIGGERS:
        op.execute(trigger.format(differ=BUT_FOR_STAMP))


def downgrade() -> None:
    """Forget the database's users, and let each new stamp count as a change."""
    for trigger in TRIGGERS:
        op.execute(trigger.format(differ="OLD.* IS DISTINCT FROM NEW.*"))
    for function in (RECORD, RECORD_TRUNCATE):
        op.execute(function.format(column="", given=""))
    op.drop_column("history", "database_user")
