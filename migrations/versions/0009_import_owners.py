"""Who has brought each import, so that nobody fills the queue for all others."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0009_import_owners"
down_revision: Final = "0008_packed_visitor_days"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Add the column; of older imports nobody knows."""
    op.add_column("imports", sa.Column("actor_id", sa.Uuid()))
    op.create_index(
        "ix__imports__unfinished",
        "imports",
        ["actor_id"],
        postgresql_where=sa.text("finished_at IS NULL"),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_index("ix__imports__unfinished", "imports")
    op.drop_column("imports", "actor_id")
