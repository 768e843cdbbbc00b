"""Run by alembic for every command; always online, over asyncpg.

The owner's address comes from the caller (``config.attributes["url"]``, tests) or
from the settings; so does the name of the role that the service signs in with.
"""

import asyncio
from typing import Final

from alembic import context
from sqlalchemy import Connection, make_url, pool
from sqlalchemy.ext.asyncio import create_async_engine

from prilavok.repositories.database_errors import database_errors
from prilavok.repositories.tables.metadata import METADATA
from prilavok.settings import SettingsError, load_settings

LOCK_TIMEOUT: Final = "SET lock_timeout = '5s'"


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    # A migration that cannot get its lock gives up rather than queue the service.
    connection.exec_driver_sql(LOCK_TIMEOUT)
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()


async def _run() -> None:
    attributes = context.config.attributes
    if "url" not in attributes:
        settings = load_settings()
        if settings.database_url is None:
            raise SettingsError(
                "DATABASE_URL: not set, and no `make run` is running here.",
            )
        attributes["url"] = settings.migration_database_url or settings.database_url
        attributes["app_role"] = make_url(settings.database_url).username
    url = make_url(attributes["url"]).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, poolclass=pool.NullPool)
    with database_errors():
        async with engine.connect() as connection:
            await connection.run_sync(_migrate)
    await engine.dispose()


asyncio.run(_run())
