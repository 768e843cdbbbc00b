"""The packed countries follow the visitors, whoever changes them."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from tests.logs.importing import bring_in
from tests.logs.stored_sql import WRONG_COUNTRIES

# More than the visitors of one chunk.
VISITORS: Final = 1300
LINE: Final = (
    "shop_api      | 2018-08-01 00:00:00 [{:08}] INFO: 8.8.{}.{} "
    "https://all_to_the_bottom.com/\n"
)
ELSEWHERE: Final = 256 * ord("A") + ord("T")
MOVE: Final = f"UPDATE visitors SET country = {ELSEWHERE} WHERE visitor_id % 5 = 0"
CHUNKS: Final = "SELECT count(*) FROM visitor_countries"


async def test_countries_follow_every_change(
    importer: Importer,
    imports: ImportService,
    engine: AsyncEngine,
) -> None:
    """Also when some visitors of a chunk come, move or go before others."""
    halves = [_log(0, VISITORS // 2), _log(VISITORS // 2, VISITORS)]
    done = await bring_in(importer, *halves)
    async with engine.begin() as connection:
        assert await _count(connection, CHUNKS) == 3
        await connection.exec_driver_sql(MOVE)
        await _check(connection)
    await imports.delete(done[0].id)
    async with engine.connect() as connection:
        await _check(connection)
    await imports.delete(done[1].id)
    async with engine.connect() as connection:
        assert await _count(connection, CHUNKS) == 0


def _log(first: int, end: int) -> bytes:
    lines = (LINE.format(one, *divmod(one, 256)) for one in range(first, end))
    return "".join(lines).encode()


async def _check(connection: AsyncConnection) -> None:
    assert not list(await connection.exec_driver_sql(WRONG_COUNTRIES))


async def _count(connection: AsyncConnection, question: str) -> int:
    found: int = (await connection.exec_driver_sql(question)).scalar_one()
    return found
