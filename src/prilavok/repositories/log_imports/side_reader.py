"""A second connection for an import: it reads while the first one writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from prilavok.repositories.database_errors import database_errors
from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.repositories.log_imports.planning import FEW_AMONG_MANY


@final
class SideReader:
    """Connects when it is asked for the first time; ``close`` gives the connection up.

    It sees what is committed. Nobody else commits anything about logs while the import
    has a transaction open, as that holds the importers' lock.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Take nothing from the pool yet."""
        self._engine = engine
        self._connection: AsyncConnection | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[LogRepositories]:
        """Look up few rows among many; numbers may be taken, which others never get.

        Raises ``Unavailable`` when there is no connection to be had, or it breaks.
        """
        with database_errors():
            driver = await self._connect()
            async with driver.transaction():
                await driver.execute(FEW_AMONG_MANY)
                yield LogRepositories(driver)

    async def close(self) -> None:
        """Give the connection back, or break it off in the middle of something."""
        if self._connection is None:
            return
        driver = await _driver_of(self._connection)
        if driver.is_in_transaction():
            await self._connection.invalidate()
        await self._connection.close()

    async def _connect(self) -> Driver:
        if self._connection is None:
            self._connection = await self._engine.connect()
        return await _driver_of(self._connection)


async def _driver_of(connection: AsyncConnection) -> Driver:
    pooled = await connection.get_raw_connection()
    return pooled.driver_connection
