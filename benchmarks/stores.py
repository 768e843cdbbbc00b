"""Stores with a thousand accounts, on which all stacks run at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

import asyncpg
from alembic import command
from alembic.config import Config
from benchmarks.names import ADMIN_LOGIN, SESSION_KEY
from redis import Redis
from sqlalchemy import make_url

from prilavok.cli.database import ALEMBIC_INI
from prilavok.embedded.postgres import EmbeddedPostgres, PostgresUrls
from prilavok.embedded.valkey import EmbeddedValkey

ADMIN_ID: Final = f"SELECT id FROM users WHERE login = '{ADMIN_LOGIN}'"
PEOPLE: Final = """
INSERT INTO users (
    login, first_name, last_name, email, birth_date, role_id, password_hash
)
SELECT 'user' || n, 'Ann' || n, 'Smith', 'ann' || n || '@example.com',
       date '1990-01-01' + n, (SELECT id FROM roles WHERE name = 'User'), ''
FROM generate_series(1, 1000) n
"""


@final
@dataclass(frozen=True, slots=True)
class Stores:
    """How to reach them."""

    postgres: PostgresUrls
    redis: str


@contextmanager
def open_stores(folder: Path) -> Iterator[Stores]:
    """Start both, with our tables in them."""
    postgres = EmbeddedPostgres(folder / "postgres", durable=False)
    valkey = EmbeddedValkey(folder / "valkey")
    try:
        stores = Stores(postgres.start(), valkey.start().service)
        _migrate(stores.postgres)
        yield stores
    finally:
        valkey.stop()
        postgres.stop()


def _migrate(urls: PostgresUrls) -> None:
    config = Config(ALEMBIC_INI)
    config.attributes.update(url=urls.owner, app_role=make_url(urls.app).username)
    command.upgrade(config, "head")


def fill(stores: Stores) -> None:
    """Add accounts, and sign the administrator in with the peers."""
    user_id = asyncio.run(_fill(stores.postgres.owner))
    with Redis.from_url(stores.redis) as redis:
        redis.set(SESSION_KEY, user_id)


async def _fill(url: str) -> str:
    connection = await asyncpg.connect(url)
    await connection.execute(PEOPLE)
    await connection.execute("ANALYZE")
    user_id = await connection.fetchval(ADMIN_ID)
    await connection.close()
    return str(user_id)
