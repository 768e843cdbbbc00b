"""Promises of the PostgreSQL that we start ourselves."""

import os
from asyncio import Runner
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from signal import SIGKILL
from stat import S_IMODE
from typing import Any, Final

import asyncpg
import pytest

from prilavok.embedded.postgres import EmbeddedPostgres, PostgresUrls
from tests.databases import execute

REFUSED: Final = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidAuthorizationSpecificationError,
)


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresUrls]:
    """Start one in a folder with a space in its name."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("a shop"), durable=False)
    yield server.start()
    server.stop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """Leave starting to the test."""
    postgres = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    yield postgres
    postgres.stop()


def fetch(url: str, query: str) -> Any:
    """Ask for one value."""
    with Runner() as runner, ExitStack() as stack:
        connection = runner.run(asyncpg.connect(url))
        stack.callback(connection.terminate)
        return runner.run(connection.fetchval(query))


@pytest.mark.parametrize("name", ["owner", "app", "admin"])
def test_everyone_sees_utf8_in_utc(urls: PostgresUrls, name: str) -> None:
    """Case rules of Unicode and the time zone are not this machine's."""
    url = getattr(urls, name)

    assert fetch(url, "SELECT lower('ÄЖ')") == "äж"
    assert fetch(url, "SHOW timezone") == "UTC"


def test_owner_makes_tables_and_is_no_superuser(urls: PostgresUrls) -> None:
    """Trusted extensions are the owner's to add; roles and databases are not."""
    execute(urls.owner, ("CREATE TABLE made (id int)", "CREATE EXTENSION pg_trgm"))

    for statement in ("CREATE ROLE thief", "CREATE DATABASE den", "COPY made TO '/x'"):
        with pytest.raises(REFUSED):
            execute(urls.owner, [statement])


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE thief",
        "SET ROLE prilavok_owner",
        "ALTER ROLE prilavok_owner PASSWORD 'known'",
        "SELECT pg_read_file('postgresql.conf')",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
    ],
)
def test_service_may_nothing_but_what_migrations_grant(
    urls: PostgresUrls,
    statement: str,
) -> None:
    """Row 33 of the security list: no DDL, no files, no programs, no other role."""
    with pytest.raises(REFUSED):
        execute(urls.app, [statement])


@pytest.mark.parametrize("name", ["owner", "app"])
def test_roles_reach_no_other_database(urls: PostgresUrls, name: str) -> None:
    """Neither PostgreSQL's own nor the templates."""
    elsewhere = getattr(urls, name).replace("/prilavok", "/postgres")

    with pytest.raises(REFUSED):
        fetch(elsewhere, "SELECT 1")


def test_nobody_gets_in_without_the_password(urls: PostgresUrls) -> None:
    """Not even the superuser from this machine."""
    for role in ("postgres", "prilavok_owner", "prilavok_app"):
        address = urls.app.rpartition("@")[-1]
        with pytest.raises(asyncpg.InvalidPasswordError):
            fetch(f"postgresql://{role}:wrong@{address}", "SELECT 1")


def test_secrets_are_for_their_owner(server: EmbeddedPostgres, tmp_path: Path) -> None:
    """Folder 700, passwords 600."""
    server.start()
    folder = tmp_path / "postgres"
    modes = [S_IMODE(path.stat().st_mode) for path in folder.glob("*.password")]

    assert S_IMODE(folder.stat().st_mode) == 0o700
    assert modes == [0o600, 0o600, 0o600]


def test_log_quotes_no_data(server: EmbeddedPostgres, tmp_path: Path) -> None:
    """Row 14 of the security list: it says what went wrong, not with whose mail."""
    twice = "SELECT name || '@x.example' FROM (VALUES ('ann'), ('ann')) AS _ (name)"
    statements = (
        "CREATE TABLE players (email text UNIQUE)",
        f"INSERT INTO players {twice}",
    )
    with pytest.raises(asyncpg.UniqueViolationError):
        execute(server.start().owner, statements)
    log = (tmp_path / "postgres" / "server.log").read_text()

    assert "duplicate key" in log
    assert "ann@x.example" not in log


def test_data_and_passwords_survive_a_restart(server: EmbeddedPostgres) -> None:
    """The second start signs in with the passwords of the first."""
    execute(server.start().owner, ["CREATE TABLE kept AS SELECT 1 AS id"])
    server.stop()

    assert fetch(server.start().owner, "SELECT id FROM kept") == 1


def test_sudden_death_loses_nothing_committed(tmp_path: Path) -> None:
    """The next start recovers although old files claim that a server runs."""
    server = EmbeddedPostgres(tmp_path / "postgres")
    execute(server.start().owner, ["CREATE TABLE kept AS SELECT 1 AS id"])
    pid_file = tmp_path / "postgres" / "data" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), SIGKILL)
    found = fetch(server.start().owner, "SELECT id FROM kept")
    server.stop()

    assert found == 1


def test_a_start_stops_what_still_runs_in_the_folder(
    server: EmbeddedPostgres,
    tmp_path: Path,
) -> None:
    """Whoever started it: two servers on the same files would destroy them."""
    orphan = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    old = orphan.start()
    new = server.start()

    assert fetch(new.app, "SELECT 1") == 1
    with pytest.raises(ConnectionError):
        fetch(old.app, "SELECT 1")
    orphan.stop()


def test_a_first_start_cut_short_is_begun_again(
    server: EmbeddedPostgres,
    tmp_path: Path,
) -> None:
    """Half-made files are not taken for a database."""
    half = tmp_path / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    assert fetch(server.start().app, "SELECT current_database()") == "prilavok"
