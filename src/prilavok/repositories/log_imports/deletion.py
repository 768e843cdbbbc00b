"""Taking the lines of an import out again."""

from typing import Final, final

import polars as pl

from prilavok.repositories.binary_copy import Driver
from prilavok.repositories.log_imports.cart_events import VOTES

# Other imports' cart lines whose votes stood after an event of this one.
DOUBT_VOTES: Final = """
UPDATE cart_events SET is_due = true WHERE previous_import_id = $1 AND import_id <> $1
"""
LOST_VOTES: Final = """
SELECT goods_id, page_id, -count(*) FROM cart_events
WHERE import_id = $1 AND page_id IS NOT NULL GROUP BY goods_id, page_id
"""
CARTS: Final = "SELECT DISTINCT cart_id FROM cart_events WHERE import_id = $1"
PAYERS: Final = """
SELECT DISTINCT visitor_id FROM cart_events
WHERE import_id = $1 AND user_id IS NOT NULL
"""
# Who is left without events. Must run while the summary still has the import's rows.
DELETE_VISITORS: Final = """
DELETE FROM visitors WHERE visitor_id IN (
    SELECT visitor_id FROM visitor_days WHERE import_id = $1
    EXCEPT SELECT visitor_id FROM visitor_days WHERE import_id <> $1
)
"""
DELETE_LINES: Final = tuple(
    f"DELETE FROM {table} WHERE import_id = $1"
    for table in (
        "events",
        "cart_events",
        "visitor_days",
        "category_visitor_days",
        "day_hours",
        "rejected_lines",
    )
)


@final
class DeletionRepository:
    """What goes with an import, and what has to be counted again without it."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find_lost_votes(self, import_id: int) -> pl.DataFrame:
        """Return the votes that go with its cart lines."""
        records = await self._driver.fetch(LOST_VOTES, import_id)
        return pl.DataFrame(list(map(tuple, records)), VOTES, orient="row")

    async def find_carts(self, import_id: int) -> set[int]:
        """Return the carts that have lines of it."""
        return {record[0] for record in await self._driver.fetch(CARTS, import_id)}

    async def find_payers(self, import_id: int) -> list[int]:
        """Return the visitors that have pay lines in it."""
        return [record[0] for record in await self._driver.fetch(PAYERS, import_id)]

    async def delete_lines(self, import_id: int) -> None:
        """Delete the import's lines, summaries, and visitors of its own.

        Votes of other imports' lines that depend on it are marked as due.
        """
        for statement in (DOUBT_VOTES, DELETE_VISITORS, *DELETE_LINES):
            await self._driver.execute(statement, import_id)
