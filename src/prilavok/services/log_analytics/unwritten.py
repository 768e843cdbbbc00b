"""Looking a block up while the one before it is still being written."""

from dataclasses import dataclass
from typing import final

import polars as pl


@final
@dataclass(frozen=True, slots=True)
class Unwritten:
    """What a block brings, which no other connection can see before it is committed.

    ``events`` have at, key, visitor_id, import_id and page_id among their columns;
    ``visitors`` are new ones, rows of ``NEW_VISITOR``.
    """

    events: pl.DataFrame
    visitors: pl.DataFrame
