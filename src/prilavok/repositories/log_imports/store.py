"""Connections on which imports work: for minutes, one block a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from prilavok.repositories.database_errors import database_errors, is_passing
from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.log_repositories import (
    Generations,
    LogRepositories,
)
from prilavok.repositories.log_imports.planning import FEW_AMONG_MANY
from prilavok.repositories.log_imports.side_reader import SideReader

# One writer at a time: numbers are given once, and what is read inside stays true.
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('prilavok.logs', 0))"
# What is known of older data holds no longer.
RENEW: Final = """
UPDATE log_state SET generation = gen_random_uuid()
RETURNING old.generation AS found, new.generation AS left_behind
"""
SORT_MEMORY: Final = "SET LOCAL work_mem = '64MB'"
# What was analyzed while it was empty would count as empty however large it has grown.
FORGET_EMPTY: Final = "SELECT forget_empty_statistics()"
HOLD: Final = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
RELEASE: Final = "SELECT pg_advisory_unlock_all()"


@final
@dataclass(frozen=True, slots=True)
class LogSession:
    """One connection; it can hold imports, so that nobody else works on them."""

    _driver: Driver

    def may_work_later(self, error: Exception) -> bool:
        """Tell whether the connection broke, or the server is out of something."""
        return bool(self._driver.is_closed()) or is_passing(error)

    async def hold(self, import_id: UUID) -> bool:
        """Try to become the only one who works on the import, until the end."""
        return await self._hold(f"prilavok.import.{import_id}")

    async def hold_countries(self) -> bool:
        """Try to become the only one who asks for countries, until the end."""
        return await self._hold("prilavok.countries")

    def reading(self) -> LogRepositories:
        """Read without a transaction."""
        return LogRepositories(self._driver)

    @asynccontextmanager
    async def by_block(self) -> AsyncIterator[LogRepositories]:
        """Write a block: few rows among many, found by index."""
        async with self._transaction(FEW_AMONG_MANY) as logs:
            yield logs

    @asynccontextmanager
    async def over_all(self) -> AsyncIterator[LogRepositories]:
        """Look through everything at once."""
        async with self._transaction(SORT_MEMORY) as logs:
            yield logs

    async def _hold(self, name: str) -> bool:
        is_held: bool = await self._driver.fetchval(HOLD, name)
        return is_held

    @asynccontextmanager
    async def _transaction(self, *settings: str) -> AsyncIterator[LogRepositories]:
        async with self._driver.transaction():
            await self._driver.execute(";".join((LOCK, FORGET_EMPTY, *settings)))
            generations = Generations(*await self._driver.fetchrow(RENEW))
            yield LogRepositories(self._driver, generations)


@final
@dataclass(frozen=True, slots=True)
class LogStore:
    """Hands out connections of an engine whose commands may take minutes."""

    engine: AsyncEngine

    @asynccontextmanager
    async def session(self) -> AsyncIterator[LogSession]:
        """Lend a connection.

        Raises ``Unavailable`` when the database is away.
        """
        with database_errors():
            async with self.engine.connect() as connection:
                pooled = await connection.get_raw_connection()
                driver: Driver = pooled.driver_connection
                try:
                    yield LogSession(driver)
                finally:
                    await _leave(connection, driver)

    @asynccontextmanager
    async def side_reader(self) -> AsyncIterator[SideReader]:
        """Lend a connection to read from beside a session; none until it is used."""
        reader = SideReader(self.engine)
        try:
            yield reader
        finally:
            await reader.close()


async def _leave(connection: AsyncConnection, driver: Driver) -> None:
    """Give up what is held; a connection that is left in a transaction is closed.

    Who is cancelled while a transaction begins never enters it, and nobody ends it: the
    next one to get the connection would write into it, and hold locks without end.
    """
    await driver.execute(RELEASE)
    if driver.is_in_transaction():
        await connection.invalidate()
