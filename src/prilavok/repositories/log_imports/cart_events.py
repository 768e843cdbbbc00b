"""Lines about carts, and the votes of cart lines for what a goods id is.

Votes that change are returned as ``VOTES``: goods_id, page_id, and how many votes the
page won or, below zero, lost. Only cart lines have a goods_id, only pay lines a
user_id.
"""

from collections.abc import Iterable
from typing import Final, final

import polars as pl

from prilavok.repositories.binary_copy import (
    BIGINT,
    BOOLEAN,
    INTEGER,
    SMALLINT,
    TIMESTAMP,
    CopyFormat,
    EncodedRows,
)
from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.column_text import column_text
from prilavok.repositories.log_imports.event_packs import UNPACKED
from prilavok.repositories.log_imports.events import shop_time
from prilavok.repositories.log_imports.frames import to_frame

VOTES: Final = pl.Schema(
    {"goods_id": pl.Int64, "page_id": pl.Int64, "votes": pl.Int64},
)
CART_EVENT: Final = CopyFormat(
    at=TIMESTAMP,
    key=BIGINT,
    cart_id=BIGINT,
    user_id=BIGINT,
    goods_id=BIGINT,
    visitor_id=INTEGER,
    import_id=INTEGER,
    amount=INTEGER,
    page_id=INTEGER,
    previous_import_id=INTEGER,
    kind=SMALLINT,
    is_due=BOOLEAN,
)
# Each visitor's first cart line after a moment.
MARK_NEXT: Final = """
UPDATE cart_events SET is_due = true
FROM unnest($1::text::integer[]) AS asked (visitor_id) CROSS JOIN LATERAL (
    SELECT visitor_id, at, key FROM cart_events AS later
    WHERE later.visitor_id = asked.visitor_id
        AND later.at > $2::text::timestamp AND later.goods_id IS NOT NULL
    ORDER BY at, key LIMIT 1
) AS next
WHERE cart_events.visitor_id = next.visitor_id
    AND cart_events.at = next.at AND cart_events.key = next.key AND NOT is_due
"""
# OFFSET, so that the planner looks each visitor up, and does not read all of the table.
MARK_SINCE: Final = """
UPDATE cart_events SET is_due = true
FROM unnest($1::text::integer[]) AS asked (visitor_id) CROSS JOIN LATERAL (
    SELECT ctid AS place FROM cart_events AS later
    WHERE later.visitor_id = asked.visitor_id AND later.at >= $2::text::timestamp
        AND later.goods_id IS NOT NULL AND NOT later.is_due
    OFFSET 0
) AS voting
WHERE cart_events.ctid = voting.place
"""
VOTES_OF_CHANGED: Final = """
SELECT goods_id, page_id, sum(votes) AS votes FROM (
    SELECT goods_id, old_page_id AS page_id, -1 AS votes FROM changed
    UNION ALL SELECT goods_id, new_page_id, 1 FROM changed
) AS votes
WHERE page_id IS NOT NULL GROUP BY goods_id, page_id HAVING sum(votes) <> 0
"""
RETURNING: Final = """
RETURNING new.goods_id, old.page_id AS old_page_id, new.page_id AS new_page_id
"""
REVOTE: Final = f"""
WITH changed AS (
    UPDATE cart_events SET is_due = false,
        page_id = found.page_id, previous_import_id = found.previous_import_id
    FROM unnest(
        $1::text[]::timestamp[], $2::integer[], $3::bigint[], $4::integer[],
        $5::integer[]
    )
        AS found (at, visitor_id, key, page_id, previous_import_id)
    WHERE cart_events.visitor_id = found.visitor_id
        AND cart_events.at = found.at AND cart_events.key = found.key
    {RETURNING}
) {VOTES_OF_CHANGED}
"""
# Before a first ANALYZE the planner takes large tables for small ones, and would go
# through all of one for each row of another: minutes, or hours.
NO_LOOPS: Final = "SET LOCAL enable_nestloop = off"
LOOPS: Final = "SET LOCAL enable_nestloop = on"
# One pass over the events of the visitors that have something due. Not by the view: it
# would work out the times of all events, and not of these only.
SETTLE: Final = f"""
WITH due AS (SELECT visitor_id FROM cart_events WHERE is_due),
found AS (
    SELECT visitor_id, at, key, page_id, import_id
    FROM loose_events WHERE visitor_id IN (SELECT visitor_id FROM due)
    UNION ALL
    SELECT visitor_id, at, key, page_id, import_id
    FROM ({UNPACKED.format("packed_events")}) AS packed
    WHERE visitor_id IN (SELECT visitor_id FROM due)
),
chain AS (
    SELECT visitor_id, at, key, lag(page_id) OVER before AS page_id,
        lag(import_id) OVER before AS previous_import_id
    FROM found WINDOW before AS (PARTITION BY visitor_id ORDER BY at, key)
),
changed AS (
    UPDATE cart_events SET is_due = false, page_id = pages.page_id,
        previous_import_id = chain.previous_import_id
    FROM chain LEFT JOIN pages ON pages.page_id = chain.page_id AND goods IS NOT NULL
    WHERE is_due AND cart_events.visitor_id = chain.visitor_id
        AND cart_events.at = chain.at AND cart_events.key = chain.key
    {RETURNING}
) {VOTES_OF_CHANGED}
"""


def encode_cart_events(cart_events: pl.DataFrame) -> EncodedRows:
    """Encode cart, pay and success lines."""
    return CART_EVENT.encode("cart_events", cart_events)


@final
class CartEventRepository:
    """Cart, pay and success lines of all imports."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def add(self, cart_events: EncodedRows) -> None:
        """Append lines; the votes among them are still to be counted."""
        await cart_events.write(self._driver)

    async def mark_next_due(self, visitor_ids: Iterable[int], after: int) -> None:
        """Doubt each visitor's first vote after this time, in microseconds."""
        binds = (column_text(visitor_ids), shop_time(after))
        await self._driver.execute(MARK_NEXT, *binds)

    async def mark_due(self, visitor_ids: Iterable[int], since: int) -> None:
        """Doubt all votes of these visitors since this time, in microseconds."""
        binds = (column_text(visitor_ids), shop_time(since))
        await self._driver.execute(MARK_SINCE, *binds)

    async def change_votes(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Let known lines (at, visitor_id, key) vote for page_id.

        ``previous_import_id`` is the import of the event before them.
        """
        if lines.is_empty():
            return VOTES.to_frame()
        times = [shop_time(at) for at in lines["at"]]
        names = ("visitor_id", "key", "page_id", "previous_import_id")
        columns = [lines[name].to_list() for name in names]
        return await self._fetch_votes(REVOTE, times, *columns)

    async def settle(self) -> pl.DataFrame:
        """Look up the votes that are in doubt; afterwards none is."""
        await self._driver.execute(NO_LOOPS)
        votes = await self._fetch_votes(SETTLE)
        await self._driver.execute(LOOPS)
        return votes

    async def _fetch_votes(self, query: str, *binds: object) -> pl.DataFrame:
        records = await self._driver.fetch(query, *binds)
        return to_frame(records, VOTES)
