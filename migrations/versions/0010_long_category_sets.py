"""Category sets of any length: a B-tree holds none of more than some 600 categories."""

from typing import Final

from alembic import op

revision: Final = "0010_long_category_sets"
down_revision: Final = "0009_import_owners"
branch_labels: Final = None
depends_on: Final = None

TABLE: Final = "category_sets"
UNIQUE: Final = "uq__category_sets__category_ids"
EXCLUDE: Final = "ex__category_sets__category_ids"


def upgrade() -> None:
    """Compare hashes first."""
    op.drop_constraint(UNIQUE, TABLE)
    op.create_exclude_constraint(EXCLUDE, TABLE, ("category_ids", "="), using="hash")


def downgrade() -> None:
    """Compare them as a B-tree does; fails while there is a longer set."""
    op.drop_constraint(EXCLUDE, TABLE)
    op.create_unique_constraint(UNIQUE, TABLE, ["category_ids"])
