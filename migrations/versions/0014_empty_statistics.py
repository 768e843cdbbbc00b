"""Let imports forget statistics that say a table is empty while its file is not."""

from typing import Final

from alembic import context, op

revision: Final = "0014_empty_statistics"
down_revision: Final = "0013_packing_one_by_one"
branch_labels: Final = None
depends_on: Final = None

# A table that was analyzed when all its rows had been deleted counts as empty however
# large it grows, until it is analyzed again: the planner multiplies its size by no rows
# a page, and joins it by going through all of it, for each row of the other side. With
# no statistics at all it guesses by the size. Only the owner may forget them. Whoever
# vacuums a table meanwhile is not waited for: the next block tries again.
FUNCTION: Final = """
CREATE FUNCTION forget_empty_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS $$
BEGIN
    PERFORM pg_clear_relation_stats('public', relname::text)
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')
        AND reltuples = 0 AND relpages > 0;
EXCEPTION WHEN lock_not_available THEN
    RAISE DEBUG 'Statistics are left as they are: %', SQLERRM;
END $$
"""
SIGNATURE: Final = "forget_empty_statistics()"


def upgrade() -> None:
    """Make the function, for the service's role only."""
    preparer = op.get_bind().dialect.identifier_preparer
    role = preparer.quote(context.config.attributes["app_role"])
    op.execute(FUNCTION)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {role}")


def downgrade() -> None:
    """Leave statistics alone."""
    op.execute(f"DROP FUNCTION {SIGNATURE}")
