"""Columns of frames on their way to PostgreSQL."""

from collections.abc import Iterable

import polars as pl

from prilavok.repositories.log_imports.array_text import array_text


def column_text(members: Iterable[object]) -> str:
    """Write what ``array_text`` would, of a column without a Python object a member."""
    if isinstance(members, pl.Series):
        listed: str = members.cast(pl.String).str.join(",").item()
        return f"{{{listed}}}"
    return array_text(members)
