"""What a report reads, it reads in one transaction."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.read_lane import LANE, ReadLane

WHO: Final = select(func.pg_backend_pid())


async def test_hot_reads_are_part_of_an_open_transaction(engine: AsyncEngine) -> None:
    """They go by the lane, on another connection, only while there is none."""
    who = HotRead(WHO)
    lane = ReadLane(engine)
    async with async_sessionmaker(engine)() as session:
        session.info[LANE] = lane
        before = (await who.fetch(session))[0][0]
        inside = (await session.execute(WHO)).scalar_one()
        during = (await who.fetch(session))[0][0]
        batches = [rows async for rows in who.batches(session)]
    lane.give_back()

    assert during == inside
    assert [rows[0][0] for rows in batches] == [inside]
    assert before != inside
