"""What the tables hold, without the numbers that importers gave."""

from typing import Any, Final, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from prilavok.domain.shop_logs import Kind
from tests.logs.stored_sql import QUERIES, WRONG_COUNTRIES

Table: TypeAlias = list[tuple[Any, ...]]

TABLES: Final = (
    "imports, packed_events, loose_events, visitors, visitor_countries, pages, "
    "categories, cart_events, visitor_days, category_visitor_days, "
    "day_hours, goods_votes, goods, category_sets, carts, orphan_carts, "
    "country_sources, country_answers, rejected_lines, import_keys"
)
DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# The others are read in order.
SETS: Final = QUERIES.keys() - {"events", "day_hours", "carts"}
NOTHING_IS_DUE: Final = "SELECT count(*) FROM cart_events WHERE is_due"


async def stored_tables(engine: AsyncEngine) -> dict[str, Table]:
    """Return the tables in the words of ``expected_tables``; nothing may be due."""
    async with engine.connect() as connection:
        assert await _fetch(connection, NOTHING_IS_DUE) == [(0,)]
        assert not await _fetch(connection, WRONG_COUNTRIES)
        tables = {
            name: await _fetch(connection, query) for name, query in QUERIES.items()
        }
    return {
        **{name: sorted(tables[name]) for name in SETS},
        "events": list(map(_event, tables["events"])),
        "day_hours": sorted(map(_day_hour, tables["day_hours"])),
        "carts": tables["carts"],
    }


async def empty_tables(owner_engine: AsyncEngine) -> None:
    """Forget everything that was imported."""
    async with owner_engine.begin() as connection:
        await connection.exec_driver_sql(f"TRUNCATE {TABLES} RESTART IDENTITY")


async def _fetch(connection: AsyncConnection, query: str) -> Table:
    return [tuple(row) for row in await connection.exec_driver_sql(query)]


def _event(row: tuple[Any, ...]) -> tuple[Any, ...]:
    at, number, address, page = row
    return (at, _key(number), address, page)


def _day_hour(row: tuple[Any, ...]) -> tuple[Any, ...]:
    category, kind, *rest = row
    return (category, Kind(kind).name if kind else "ALL", *rest)


def _key(number: int) -> str:
    characters = ""
    for _ in range(8):
        number, digit = divmod(number, len(DIGITS))
        characters = DIGITS[digit] + characters
    return characters
