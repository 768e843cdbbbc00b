"""Rows of the database as frames."""

from collections.abc import Iterable
from typing import Any

import polars as pl


def to_frame(records: Iterable[Iterable[Any]], schema: pl.Schema) -> pl.DataFrame:
    """Return what a query has selected: the columns of the schema, in their order."""
    return pl.DataFrame(list(map(tuple, records)), schema, orient="row")
