"""Every revision goes up, down and up again, and says what the tables say."""

from typing import Final

from alembic import command
from alembic.script import ScriptDirectory

from prilavok.embedded.postgres import PostgresUrls
from tests.databases import alembic_config, execute

PACKED: Final = "0015_packed_events"
PACK: Final = """
INSERT INTO packed_events
    (import_id, size, first_at, last_at, seconds, key, visitor_id, page_id)
VALUES (7, 2, '2018-08-01', '2018-08-02', '{0, 86400}', '{1, 2}',
    '{3, 4}', '{5, 6}')
"""
TIGHTER: Final = "0016_tighter_packs"
# Its times lie so far apart that tighter packs have no room for them.
LONG_PACK: Final = """
INSERT INTO packed_events
    (import_id, size, first_at, last_at, seconds, key, visitor_id, page_id)
VALUES (8, 1, '2018-09-01', '2018-09-25 06:32:32', '{0}', '{2821109907455}',
    '{2147483647}', '{2147483647}')
"""
IS_TIGHT: Final = """
DO $$ BEGIN
    ASSERT (SELECT count(*) FROM packed_events) = 1;
    ASSERT (SELECT array_agg(page_id) FROM loose_events) = '{2147483647}';
END $$
"""
HAS_ALL: Final = """
DO $$ BEGIN ASSERT ARRAY(SELECT event::text FROM events AS event ORDER BY at) = ARRAY[
    '("2018-08-01 00:00:00",1,3,7,5)', '("2018-08-02 00:00:00",2,4,7,6)',
    '("2018-09-01 00:00:00",2821109907455,2147483647,8,2147483647)'
]; END $$
"""
HAS_BOTH: Final = """
DO $$ BEGIN ASSERT ARRAY(SELECT event::text FROM events AS event ORDER BY at) = ARRAY[
    '("2018-08-01 00:00:00",1,3,7,5)', '("2018-08-02 00:00:00",2,4,7,6)'
]; END $$
"""
KEYED: Final = "0018_batches_by_result"
PEOPLE: Final = """
INSERT INTO roles (name, permissions) VALUES ('Cook', '{}');
INSERT INTO users (login, first_name, last_name, email, role_id, password_hash)
    SELECT 'Ann', 'Ann', 'Smith', 'Ann@example.com', id, '' FROM roles
"""
PLAYED: Final = """
INSERT INTO players (email, email_given) VALUES ('ann@example.com', 'Ann@example.com');
INSERT INTO play_keys (key, body_hash, player_id)
    SELECT 'one', '', id FROM players
"""
HAS_OWNER: Final = """
DO $$ BEGIN ASSERT (SELECT email_hash FROM play_keys)
    = sha256(convert_to('ann@example.com', 'UTF8')); END $$
"""
ANOTHERS: Final = """
INSERT INTO play_keys (key, email_hash, body_hash, created_at)
    VALUES ('one', 'another', 'newer', now() + interval '1 second')
"""
HAS_NEWER: Final = """
DO $$ BEGIN ASSERT (SELECT array_agg(body_hash) FROM play_keys) = '{newer}'; END $$
"""
SAME_AGAIN: Final = """
DO $$ BEGIN
    BEGIN
        INSERT INTO users (login, first_name, last_name, role_id, password_hash)
            SELECT 'aNN', 'Ann', 'Smith', id, '' FROM roles;
    EXCEPTION WHEN unique_violation OR exclusion_violation THEN RETURN;
    END;
    RAISE 'the same login twice';
END $$
"""


def test_stairway(empty_postgres: PostgresUrls) -> None:
    """Each revision can be undone, and done again, on the one before it."""
    config = alembic_config(empty_postgres)
    script = ScriptDirectory.from_config(config)
    for revision in reversed(list(script.walk_revisions())):
        command.upgrade(config, revision.revision)
        command.downgrade(config, str(revision.down_revision or "base"))
        command.upgrade(config, revision.revision)


def test_nothing_is_left_behind(empty_postgres: PostgresUrls) -> None:
    """All the way down no function, table or type remains but alembic's own."""
    config = alembic_config(empty_postgres)
    command.upgrade(config, "head")
    command.downgrade(config, "base")

    execute(
        empty_postgres.owner,
        (
            # Fails while anything else is in the schema.
            "DROP TABLE alembic_version",
            "DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace); END $$",
            "DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace); END $$",
        ),
    )


def test_tables_and_migrations_agree(postgres: PostgresUrls) -> None:
    """``alembic check``: autogenerate would find nothing to do."""
    command.check(alembic_config(postgres))


def test_packed_events_outlive_a_downgrade(empty_postgres: PostgresUrls) -> None:
    """They become rows, and stay rows when the database goes up again."""
    config = alembic_config(empty_postgres)
    command.upgrade(config, PACKED)
    execute(empty_postgres.owner, (PACK, HAS_BOTH))
    command.downgrade(config, f"{PACKED}-1")
    execute(empty_postgres.owner, (HAS_BOTH,))
    command.upgrade(config, PACKED)
    execute(empty_postgres.owner, (HAS_BOTH,))


def test_packs_become_tighter_and_wider_again(empty_postgres: PostgresUrls) -> None:
    """All events are there at each step."""
    config = alembic_config(empty_postgres)
    command.upgrade(config, PACKED)
    execute(empty_postgres.owner, (PACK, LONG_PACK, HAS_ALL))
    command.upgrade(config, TIGHTER)
    execute(empty_postgres.owner, (HAS_ALL, IS_TIGHT))
    command.downgrade(config, PACKED)
    execute(empty_postgres.owner, (HAS_ALL,))
    command.upgrade(config, TIGHTER)
    execute(empty_postgres.owner, (HAS_ALL, IS_TIGHT))


def test_uniqueness_and_keys_outlive_both_ways(empty_postgres: PostgresUrls) -> None:
    """Taken logins stay taken; keys find their owners, and of two the newer stays."""
    config = alembic_config(empty_postgres)
    command.upgrade(config, f"{KEYED}-1")
    execute(empty_postgres.owner, (PEOPLE, PLAYED, SAME_AGAIN))
    command.upgrade(config, KEYED)
    execute(empty_postgres.owner, (HAS_OWNER, SAME_AGAIN, ANOTHERS))
    command.downgrade(config, f"{KEYED}-1")
    execute(empty_postgres.owner, (HAS_NEWER, SAME_AGAIN))
