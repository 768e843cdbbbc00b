"""Databases that live as long as a test, or as all of them."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from secrets import token_hex
from typing import Final

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

from prilavok.cli.database import ALEMBIC_INI
from prilavok.embedded.cluster import Login, database_statements
from prilavok.embedded.postgres import PostgresUrls

RANDOM_BYTES: Final = 6


@contextmanager
def throwaway_database(admin: str) -> Iterator[PostgresUrls]:
    """Make an empty database with an owner and a service role of its own.

    ``admin`` may create roles and databases. All three are gone afterwards.
    """
    name = f"prilavok_test_{token_hex(RANDOM_BYTES)}"
    owner, app = (
        Login(f"{name}_{role}", token_hex(RANDOM_BYTES)) for role in ("owner", "app")
    )
    gone = (
        f"DROP DATABASE {name} WITH (FORCE)",
        f"DROP ROLE {owner.role}, {app.role}",
    )
    execute(admin, database_statements(name, owner, app))
    with ExitStack() as stack:
        stack.callback(execute, admin, gone)
        yield PostgresUrls(
            owner=_signed_in(admin, name, owner),
            app=_signed_in(admin, name, app),
            admin=_signed_in(admin, name),
        )


def alembic_config(urls: PostgresUrls) -> Config:
    """Point alembic's commands at the database."""
    config = Config(ALEMBIC_INI)
    config.attributes.update(url=urls.owner, app_role=make_url(urls.app).username)
    return config


def migrate(urls: PostgresUrls) -> None:
    """Bring the database to the newest revision; not from within a running loop."""
    command.upgrade(alembic_config(urls), "head")


def execute(url: str, statements: Iterable[str]) -> None:
    """Run the statements, each on its own; not from within a running loop."""
    with asyncio.Runner() as runner, ExitStack() as stack:
        connection = runner.run(asyncpg.connect(url))
        stack.callback(connection.terminate)
        for statement in statements:
            runner.run(connection.execute(statement))


def _signed_in(admin: str, database: str, login: Login | None = None) -> str:
    url = make_url(admin).set(drivername="postgresql", database=database)
    if login is not None:
        url = url.set(username=login.role, password=login.password)
    return url.render_as_string(hide_password=False)
