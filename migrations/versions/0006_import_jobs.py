"""Imports as background work: where the log lies, how far it is, what was rejected."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0006_import_jobs"
down_revision: Final = "0005_players"
branch_labels: Final = None
depends_on: Final = None

TIMESTAMP: Final = sa.DateTime(timezone=True)
COLUMNS: Final = ("upload", "path", "next_line", "beat_at")


def upgrade() -> None:
    """Add columns to imports, and two tables."""
    op.add_column("imports", sa.Column("upload", sa.Text()))
    op.add_column("imports", sa.Column("path", sa.Text()))
    op.add_column(
        "imports",
        sa.Column(
            "next_line",
            sa.BigInteger(),
            server_default=sa.text("1"),
            nullable=False,
        ),
    )
    op.add_column("imports", sa.Column("beat_at", TIMESTAMP))
    op.create_table(
        "rejected_lines",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "line", name="pk__rejected_lines"),
    )
    op.create_table(
        "import_keys",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bytes_total", sa.BigInteger()),
        sa.Column(
            "created_at",
            TIMESTAMP,
            server_default=sa.func.now(),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("actor_id", "key", name="pk__import_keys"),
    )


def downgrade() -> None:
    """Forget it; imports that wait or run are never finished then."""
    op.drop_table("import_keys")
    op.drop_table("rejected_lines")
    for column in COLUMNS:
        op.drop_column("imports", column)
