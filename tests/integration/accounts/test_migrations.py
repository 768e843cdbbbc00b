"""Every revision goes up, down and up again, and says what the tables say."""

from alembic import command
from alembic.script import ScriptDirectory

from prilavok.embedded.postgres import PostgresUrls
from tests.databases import alembic_config, execute


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
