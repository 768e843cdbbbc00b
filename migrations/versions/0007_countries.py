"""Who told the country of each visitor, and the answers that cost a request."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import INET

revision: Final = "0007_countries"
down_revision: Final = "0006_import_jobs"
branch_labels: Final = None
depends_on: Final = None

TIMESTAMP: Final = sa.DateTime(timezone=True)
SUMMARIES: Final = ("visitor_days", "category_visitor_days")


def upgrade() -> None:
    """Let all visitors wait for whoever is asked next."""
    _create_sources()
    op.create_table(
        "country_answers",
        sa.Column("address", INET(), nullable=False),
        sa.Column("country", sa.SmallInteger(), nullable=False),
        sa.Column("answered_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk__country_answers")),
    )
    op.add_column(
        "visitors",
        sa.Column(
            "country_source_id",
            sa.Integer(),
            server_default="0",
            nullable=False,
        ),
    )
    op.create_index(
        "ix__visitors__country_source_id",
        "visitors",
        ["country_source_id"],
    )
    for table in SUMMARIES:
        op.create_index(
            f"ix__{table}__without_country",
            table,
            ["visitor_id"],
            postgresql_where=sa.text("country = 0"),
        )


def downgrade() -> None:
    """Forget who told what; the countries stay."""
    for table in SUMMARIES:
        op.drop_index(f"ix__{table}__without_country", table)
    op.drop_index("ix__visitors__country_source_id", "visitors")
    op.drop_column("visitors", "country_source_id")
    op.drop_table("country_answers")
    op.drop_table("country_sources")


def _create_sources() -> None:
    op.create_table(
        "country_sources",
        sa.Column(
            "country_source_id",
            sa.Integer(),
            sa.Identity(always=True),
            nullable=False,
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column(
            "adopted_at",
            TIMESTAMP,
            server_default=sa.func.now(),
            nullable=False,
        ),
        sa.Column("answers_since", TIMESTAMP, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", TIMESTAMP, nullable=True),
        sa.PrimaryKeyConstraint("country_source_id", name=op.f("pk__country_sources")),
        sa.UniqueConstraint("key", name=op.f("uq__country_sources__key")),
    )
    op.create_index(
        "uq__country_sources__is_current",
        "country_sources",
        ["is_current"],
        unique=True,
        postgresql_where=sa.text("is_current"),
    )
