"""The promo game: players, their outbox to the email provider, and idempotency keys."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0005_players"
down_revision: Final = "0004_sources"
branch_labels: Final = None
depends_on: Final = None

TIMESTAMP: Final = sa.DateTime(timezone=True)
NOW: Final = sa.func.now()
SECRETS: Final = "password_hash,stamp,credential_header,credential_secret"

# History outlives the erasure of a player, so it never holds his email, nor what the
# delivery of it takes.
FORGET_PLAYER: Final = """
    IF image ? 'esp_state' THEN
        image := image
            - '{email,email_given,esp_attempts,esp_due_at,esp_leased_until}'::text[];
    END IF;
"""

IMAGE: Final = f"""
CREATE OR REPLACE FUNCTION history_image(image jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF image ? 'role_id' THEN
        image := image || jsonb_build_object('role', (
            SELECT roles.name FROM public.roles
            WHERE roles.id = (image ->> 'role_id')::uuid
        ));
    END IF;{{also}}
    RETURN image - '{{{{{SECRETS},role_id}}}}'::text[];
END $$
"""

CHANGED: Final = f"""
CREATE OR REPLACE FUNCTION history_changed(old_row jsonb, new_row jsonb)
RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT CASE
        WHEN key = ANY ('{{{{{SECRETS}}}}}'::text[]) THEN 'credentials'
        WHEN key = 'role_id' THEN 'role'
        ELSE key END), '{{{{}}}}')
    FROM jsonb_each(new_row)
    WHERE value IS DISTINCT FROM old_row -> key
        AND key NOT IN ({{unsaid}})
$$
"""
UNSAID: Final = "'version', 'updated_at'"
UNSAID_OF_PLAYERS: Final = (
    "'email_given', 'esp_attempts', 'esp_due_at', 'esp_leased_until'"
)

SEEN: Final = (
    "email",
    "email_given",
    "plays",
    "esp_state",
    "esp_error",
    "first_played_at",
    "last_played_at",
)

TRIGGERS: Final = (
    # A play brings its version with it: no function is called for it.
    """
    CREATE TRIGGER touch BEFORE UPDATE ON players FOR EACH ROW
    WHEN (OLD.version = NEW.version AND ({old}) IS DISTINCT FROM ({new}))
    EXECUTE FUNCTION touch_row()
    """,
    # Who comes by playing has played; whom people add has not.
    """
    CREATE TRIGGER history_insert AFTER INSERT ON players FOR EACH ROW
    WHEN (NEW.last_played_at IS NULL) EXECUTE FUNCTION record_history()
    """,
    # People change emails and counts, and have the provider asked again; a play moves
    # the time with the count, and a delivery only leaves 'pending'.
    """
    CREATE TRIGGER history_update AFTER UPDATE ON players FOR EACH ROW
    WHEN (
        (OLD.email, OLD.email_given) IS DISTINCT FROM (NEW.email, NEW.email_given)
        OR (
            OLD.plays <> NEW.plays
            AND OLD.last_played_at IS NOT DISTINCT FROM NEW.last_played_at
        )
        OR (OLD.esp_state <> 'pending' AND NEW.esp_state = 'pending')
    ) EXECUTE FUNCTION record_history()
    """,
    """
    CREATE TRIGGER history_delete AFTER DELETE ON players
    FOR EACH ROW EXECUTE FUNCTION record_history()
    """,
    """
    CREATE TRIGGER history_truncate BEFORE TRUNCATE ON players
    FOR EACH STATEMENT EXECUTE FUNCTION record_truncate()
    """,
)


def upgrade() -> None:
    """Teach history what not to say of players, then make the tables."""
    op.execute(IMAGE.format(also=FORGET_PLAYER))
    op.execute(CHANGED.format(unsaid=f"{UNSAID}, {UNSAID_OF_PLAYERS}"))
    _create_players()
    _create_play_keys()
    _create_erased_players()
    old, new = (
        ", ".join(f"{row}.{column}" for column in SEEN) for row in ("OLD", "NEW")
    )
    for trigger in TRIGGERS:
        op.execute(trigger.format(old=old, new=new))


def downgrade() -> None:
    """Drop the tables with their triggers; what history has of them stays."""
    for table in ("erased_players", "play_keys", "players"):
        op.drop_table(table)
    op.execute(IMAGE.format(also=""))
    op.execute(CHANGED.format(unsaid=UNSAID))


def _create_players() -> None:
    op.create_table(
        "players",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_given", sa.String(254), nullable=False),
        sa.Column("plays", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("esp_state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("esp_error", sa.Text(), nullable=True),
        sa.Column("esp_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("esp_due_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("esp_leased_until", TIMESTAMP, nullable=True),
        sa.Column("first_played_at", TIMESTAMP, nullable=True),
        sa.Column("last_played_at", TIMESTAMP, nullable=True),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__players")),
        sa.CheckConstraint("plays >= 0", name=op.f("ck__players__plays")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index("uq__players__email", "players", ["email"], unique=True)
    op.create_index(
        "ix__players__esp_due_at",
        "players",
        ["esp_due_at"],
        postgresql_where=sa.text("esp_state = 'pending'"),
    )


def _create_play_keys() -> None:
    op.create_table(
        "play_keys",
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("player_id", sa.Uuid(), nullable=True),
        sa.Column("plays", sa.BigInteger(), nullable=True),
        sa.Column("is_first", sa.Boolean(), nullable=True),
        sa.Column("esp_state", sa.Text(), nullable=True),
        sa.Column("in_esp", sa.Boolean(), nullable=True),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk__play_keys")),
        sa.ForeignKeyConstraint(
            ["player_id"],
            ["players.id"],
            name=op.f("fk__play_keys__player_id"),
            ondelete="CASCADE",
        ),
    )
    for column in ("player_id", "created_at"):
        op.create_index(op.f(f"ix__play_keys__{column}"), "play_keys", [column])


def _create_erased_players() -> None:
    op.create_table(
        "erased_players",
        sa.Column("id", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("players", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plays", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__erased_players")),
        sa.CheckConstraint("id = 1", name=op.f("ck__erased_players__only_one")),
    )
    op.execute("INSERT INTO erased_players DEFAULT VALUES")
