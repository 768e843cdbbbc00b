"""Indexes that hold what is asked for: paid carts by set, goods without other lines."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0011_narrower_indexes"
down_revision: Final = "0010_long_category_sets"
branch_labels: Final = None
depends_on: Final = None

CARTS: Final = "carts"
PAID: Final = sa.text("paid_at IS NOT NULL")
BY_DAY: Final = "ix__carts__paid"
BY_SET: Final = "ix__carts__paid_sets"
CARRIED: Final = ("user_id", "visitor_id", "has_pay")
CARRIED_BEFORE: Final = ("user_id", "visitor_id", "category_set_id", "has_pay")

LINES: Final = "cart_events"
BY_GOODS: Final = "ix__cart_events__goods_id"
HAS_GOODS: Final = sa.text("goods_id IS NOT NULL")


def upgrade() -> None:
    """Find paid carts by set; pay and success lines have no goods."""
    op.create_index(
        BY_SET,
        CARTS,
        ["category_set_id", "created_at"],
        postgresql_where=PAID,
    )
    _replace_by_day(CARRIED)
    op.drop_index(BY_GOODS, LINES)
    op.create_index(BY_GOODS, LINES, ["goods_id"], postgresql_where=HAS_GOODS)


def downgrade() -> None:
    """Find paid carts by day only, and lines without goods, too."""
    op.drop_index(BY_SET, CARTS)
    _replace_by_day(CARRIED_BEFORE)
    op.drop_index(BY_GOODS, LINES)
    op.create_index(BY_GOODS, LINES, ["goods_id"])


def _replace_by_day(carried: tuple[str, ...]) -> None:
    op.drop_index(BY_DAY, CARTS)
    op.create_index(
        BY_DAY,
        CARTS,
        ["created_at"],
        postgresql_include=carried,
        postgresql_where=PAID,
    )
