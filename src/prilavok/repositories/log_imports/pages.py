"""Pages, their categories, and the numbers of both."""

from collections.abc import Sequence
from typing import Final, NamedTuple, final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.frames import to_frame

# LATERAL and LIMIT: however many pages there are, each is looked up by the index.
FIND: Final = """
SELECT array_agg(coalesce(page_id, 0) ORDER BY place),
    array_agg(coalesce(category_id, 0) ORDER BY place)
FROM unnest($1::text[]) WITH ORDINALITY AS asked (path, place) LEFT JOIN LATERAL (
    SELECT page_id, category_id FROM pages WHERE pages.path = asked.path LIMIT 1
) AS known ON true
"""
# No page has this number: they are counted from 1.
NO_PAGE: Final = 0
ADD_CATEGORIES: Final = """
INSERT INTO categories (name)
SELECT DISTINCT name FROM unnest($1::text[]) AS asked (name)
WHERE name IS NOT NULL
ON CONFLICT DO NOTHING
"""
ADD_PAGES: Final = """
INSERT INTO pages (path, kind, category_id, goods)
SELECT path, kind, category_id, goods
FROM unnest($1::text[], $2::smallint[], $3::text[], $4::text[])
    AS unknown (path, kind, name, goods)
LEFT JOIN categories USING (name)
ON CONFLICT DO NOTHING
"""
PAGE_KIND: Final = pl.Schema({"page_id": pl.Int64, "kind": pl.Int64})
KINDS: Final = "SELECT page_id, kind FROM pages WHERE page_id = ANY($1::integer[])"


class PageNumbers(NamedTuple):
    """The numbers of pages and of their categories, in the order in which they came.

    ``NO_PAGE`` where a page is unknown, and 0 where it has no category.
    """

    page_ids: NDArray[np.int64]
    category_ids: NDArray[np.int64]


@final
class PageRepository:
    """Everything that was ever asked for."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find(self, paths: Sequence[str]) -> PageNumbers:
        """Return the numbers of the pages that have these paths."""
        found = await self._driver.fetchrow(FIND, paths)
        return PageNumbers(*(np.array(column or (), np.int64) for column in found))

    async def find_kinds(self, page_ids: pl.Series) -> pl.DataFrame:
        """Return page_id and kind of these pages."""
        records = await self._driver.fetch(KINDS, page_ids.unique().to_list())
        return to_frame(records, PAGE_KIND)

    async def add(self, pages: pl.DataFrame) -> None:
        """Give numbers to pages (path, kind, category, goods) and their categories."""
        await self._driver.execute(ADD_CATEGORIES, pages["category"].to_list())
        columns = [
            pages[name].to_list() for name in ("path", "kind", "category", "goods")
        ]
        await self._driver.execute(ADD_PAGES, *columns)
