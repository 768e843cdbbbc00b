"""Taking the lines of an import out again."""

from collections.abc import Sequence
from typing import Final, final

import numpy as np
import polars as pl

from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.cart_events import VOTES
from prilavok.repositories.log_imports.column_text import column_text
from prilavok.repositories.log_imports.frames import to_frame
from prilavok.repositories.packed_numbers import unpack

# So many rows of packed visitors are in memory at a time.
DAYS_AT_ONCE: Final = 500

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
OWN_VISITORS: Final = "SELECT visitor_ids FROM visitor_days WHERE import_id = $1"
OTHER_VISITORS: Final = "SELECT visitor_ids FROM visitor_days WHERE import_id <> $1"
# Not `= ANY`: as a filter it would read the whole text again for each visitor.
DELETE_VISITORS: Final = """
DELETE FROM visitors WHERE visitor_id IN (SELECT unnest($1::text::integer[]))
"""
DELETE_LINES: Final = tuple(
    f"DELETE FROM {table} WHERE import_id = $1"
    for table in (
        "packed_events",
        "loose_events",
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
        return to_frame(records, VOTES)

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
        await self._driver.execute(DOUBT_VOTES, import_id)
        gone = column_text(await self._find_visitors_of_its_own(import_id))
        for statement in DELETE_LINES:
            await self._driver.execute(statement, import_id)
        await self._driver.execute(DELETE_VISITORS, gone)

    async def _find_visitors_of_its_own(self, import_id: int) -> Sequence[int]:
        """Return who is left without events, while the summary still has its rows."""
        rows = await self._driver.fetch(OWN_VISITORS, import_id)
        visitor_ids = unpack([row[0] for row in rows])
        is_own = np.zeros(visitor_ids.max(initial=0) + 1, np.bool_)
        is_own[visitor_ids] = True
        others = self._driver.cursor(OTHER_VISITORS, import_id, prefetch=DAYS_AT_ONCE)
        async for row in others:
            visitor_ids = unpack((row[0],))
            is_own[visitor_ids[visitor_ids < len(is_own)]] = False
        found: list[int] = np.flatnonzero(is_own).tolist()
        return found
