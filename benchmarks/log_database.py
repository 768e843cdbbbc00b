"""A PostgreSQL of its own for benchmarks of logs, with our tables in it."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

from prilavok.cli.database import ALEMBIC_INI
from prilavok.embedded.postgres import EmbeddedPostgres, PostgresUrls

EMPTY: Final = """
TRUNCATE imports, packed_events, loose_events, visitors, visitor_countries, pages,
    categories, cart_events, visitor_days, category_visitor_days, day_hours,
    goods_votes, goods, category_sets, carts, orphan_carts
"""


@contextmanager
def open_database(folder: Path) -> Iterator[PostgresUrls]:
    """Start it as ``make run`` does, with everything safe against a power cut."""
    server = EmbeddedPostgres(folder / "postgres")
    with ExitStack() as stack:
        stack.callback(server.stop)
        urls = server.start()
        config = Config(ALEMBIC_INI)
        config.attributes.update(url=urls.owner, app_role=make_url(urls.app).username)
        command.upgrade(config, "head")
        yield urls


def empty(urls: PostgresUrls) -> None:
    """Forget every log, and let nothing be left to write for whoever comes next."""
    execute(urls.owner, EMPTY)
    execute(urls.admin, "CHECKPOINT")


def settle(urls: PostgresUrls) -> None:
    """Do at once what autovacuum would do within minutes."""
    execute(urls.owner, "VACUUM ANALYZE")
    execute(urls.admin, "CHECKPOINT")


def execute(url: str, statement: str) -> Any:
    """Run a statement and return the first value of what it returns."""
    return asyncio.run(_execute(url, statement))


async def _execute(url: str, statement: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()
