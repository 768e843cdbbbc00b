"""Paid carts by their set of categories, which report 5 asks for."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0011_paid_carts_by_set"
down_revision: Final = "0010_long_category_sets"
branch_labels: Final = None
depends_on: Final = None

TABLE: Final = "carts"
PAID: Final = sa.text("paid_at IS NOT NULL")
BY_DAY: Final = "ix__carts__paid"
BY_SET: Final = "ix__carts__paid_sets"
CARRIED: Final = ("user_id", "visitor_id", "has_pay")
CARRIED_BEFORE: Final = ("user_id", "visitor_id", "category_set_id", "has_pay")


def upgrade() -> None:
    """Find them by set; by day the set is no longer carried along."""
    op.create_index(
        BY_SET,
        TABLE,
        ["category_set_id", "created_at"],
        postgresql_where=PAID,
    )
    _replace(CARRIED)


def downgrade() -> None:
    """Find them by day only."""
    op.drop_index(BY_SET, TABLE)
    _replace(CARRIED_BEFORE)


def _replace(carried: tuple[str, ...]) -> None:
    op.drop_index(BY_DAY, TABLE)
    op.create_index(
        BY_DAY,
        TABLE,
        ["created_at"],
        postgresql_include=carried,
        postgresql_where=PAID,
    )
