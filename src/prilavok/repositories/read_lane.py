"""The short way to a connection, outside transactions."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, final

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.repositories.database_errors import is_lost_connection

# Under this name ``AsyncSession.info`` holds the lane of who only reads.
LANE: Final = "lane"


@final
class ReadLane:
    """One pooled connection, taken at the first statement and kept until given back.

    A session would do the same with a transaction of its own around it, which costs
    as much as the statement. Only reads may be repeated.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Take nothing yet."""
        self._engine = engine
        self._lent: PoolProxiedConnection | None = None

    async def fetch(self, sql: str, wanted: Sequence[object]) -> list[Any]:
        """Return all records, on a second connection where the first is dead."""
        try:
            return await self._fetch(sql, wanted)
        except Exception as error:
            if not is_lost_connection(error):
                raise
        return await self._fetch(sql, wanted)

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Any]:
        """Lend asyncpg's own connection; one that failed is never used again."""
        if self._lent is None:
            self._lent = await self._engine.raw_connection()
        try:
            yield self._lent.driver_connection
        except Exception as error:
            if isinstance(error, TimeoutError) or is_lost_connection(error):
                self._lent.invalidate(error)
                self._lent = None
            raise

    def give_back(self) -> None:
        """Return the connection; asyncpg has no transaction open on it."""
        if self._lent is not None:
            self._lent.close()
            self._lent = None

    async def _fetch(self, sql: str, wanted: Sequence[object]) -> list[Any]:
        async with self.driver() as driver:
            records: list[Any] = await driver.fetch(sql, *wanted)
        return records
