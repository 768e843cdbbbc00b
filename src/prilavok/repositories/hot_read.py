"""Statements that run on nearly every request, freed of what SQLAlchemy repeats."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, final

from sqlalchemy import SelectBase, UpdateBase, make_url
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.repositories.database_errors import is_lost_connection
from prilavok.repositories.read_lane import LANE, ReadLane

DIALECT: Final = make_url("postgresql+asyncpg://").get_dialect()()
PREFETCH: Final = 500


class HotStatement:
    """A Core statement compiled once, at import."""

    def __init__(self, statement: SelectBase | UpdateBase) -> None:
        """Keep the SQL and the order of its parameters."""
        compiled = statement.compile(
            dialect=DIALECT,
            compile_kwargs={"render_postcompile": True},
        )
        self._sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._constants = compiled.params

    def _ordered(self, binds: dict[str, object]) -> list[object]:
        known = self._constants | binds
        return [known[name] for name in self._names]


@final
class HotRead(HotStatement):
    """A statement that asyncpg itself runs and that changes nothing.

    Rows come as asyncpg's records: result processing of column types is skipped.
    Inside a transaction the read is part of it; elsewhere it goes by a lane, costs no
    BEGIN, and is tried once more when the connection turns out to be dead.
    """

    async def fetch(self, session: AsyncSession, **binds: object) -> list[Any]:
        """Return all records for these bind parameters."""
        lane = _lane(session)
        if lane is not None:
            return await lane.fetch(self._sql, self._ordered(binds))
        async with _driver(session) as driver:
            records: list[Any] = await driver.fetch(self._sql, *self._ordered(binds))
        return records

    async def batches(
        self,
        session: AsyncSession,
        **binds: object,
    ) -> AsyncIterator[list[Any]]:
        """Yield all records inside a transaction, a few hundred at a time."""
        async with _driver(session) as driver:
            cursor = await driver.cursor(self._sql, *self._ordered(binds))
            while records := await cursor.fetch(PREFETCH):
                yield records


@final
class HotWrite(HotStatement):
    """A statement that asyncpg itself runs and that writes.

    Inside a transaction it is part of it; elsewhere it goes by a lane and commits
    itself. It is never repeated: when the connection breaks, nobody knows whether it
    was done.
    """

    async def fetch(self, session: AsyncSession, **binds: object) -> list[Any]:
        """Return all records for these bind parameters."""
        lane: ReadLane | None = session.info.get(LANE)
        lent = _driver(session) if lane is None else lane.driver()
        async with lent as driver:
            records: list[Any] = await driver.fetch(self._sql, *self._ordered(binds))
        return records


def _lane(session: AsyncSession) -> ReadLane | None:
    """Return the session's lane; a transaction leads over a connection of its own."""
    return None if session.in_transaction() else session.info.get(LANE)


@asynccontextmanager
async def _driver(session: AsyncSession) -> AsyncIterator[Any]:
    """Lend asyncpg's own connection; one that failed is never used again."""
    connection = await (await session.connection()).get_raw_connection()
    try:
        yield connection.driver_connection
    except Exception as error:
        if isinstance(error, TimeoutError) or is_lost_connection(error):
            await session.invalidate()
        raise
