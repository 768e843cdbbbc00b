"""Uniqueness that a batch checks at its end; keys of plays belong to their mail."""

from types import MappingProxyType
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0018_batches_by_result"
down_revision: Final = "0017_history_of_direct_sql"
branch_labels: Final = None
depends_on: Final = None

UNIQUE: Final = MappingProxyType(
    {
        "uq__roles__name": ("roles", "name"),
        "uq__users__login": ("users", "login"),
        "uq__users__email": ("users", "email"),
    },
)
EXCLUDE: Final = """
ALTER TABLE {table} ADD CONSTRAINT {name}
EXCLUDE USING btree (lower({column}) WITH =) DEFERRABLE INITIALLY IMMEDIATE
"""
# Keys of players who were erased in this moment have nobody whose they could be.
GIVE_OWNERS: Final = (
    """
    UPDATE play_keys SET email_hash = sha256(convert_to(players.email, 'UTF8'))
    FROM players WHERE players.id = play_keys.player_id
    """,
    "DELETE FROM play_keys WHERE email_hash IS NULL",
)
# Of keys that several mails came with, the newest stays.
KEEP_NEWEST: Final = """
DELETE FROM play_keys AS older USING play_keys AS newer
WHERE older.key = newer.key
    AND (older.created_at, older.email_hash) < (newer.created_at, newer.email_hash)
"""
KEY: Final = "pk__play_keys"


def upgrade() -> None:
    """Make indexes deferrable constraints of the same names, and give keys owners."""
    for name, (table, column) in UNIQUE.items():
        op.drop_index(name, table)
        op.execute(EXCLUDE.format(table=table, name=name, column=column))
    op.add_column("play_keys", sa.Column("email_hash", sa.LargeBinary()))
    for statement in GIVE_OWNERS:
        op.execute(statement)
    op.alter_column("play_keys", "email_hash", nullable=False)
    op.drop_constraint(KEY, "play_keys")
    op.create_primary_key(KEY, "play_keys", ["key", "email_hash"])


def downgrade() -> None:
    """Make plain unique indexes again, and keys everybody's."""
    op.execute(KEEP_NEWEST)
    op.drop_constraint(KEY, "play_keys")
    op.create_primary_key(KEY, "play_keys", ["key"])
    op.drop_column("play_keys", "email_hash")
    for name, (table, column) in UNIQUE.items():
        op.drop_constraint(name, table)
        expression = sa.text(f"lower({column})")
        op.create_index(name, table, [expression], unique=True)
