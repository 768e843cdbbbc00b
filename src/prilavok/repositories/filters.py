"""Conditions that lists share."""

from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, func, or_
from sqlalchemy.orm import InstrumentedAttribute


def contains(name: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Match a substring of any column without regard to case.

    ``strpos`` knows no wildcards, so ``%`` and ``_`` stand for themselves.
    """
    needle = func.lower(bindparam(name, type_=String))
    return or_(*(func.strpos(func.lower(column), needle) > 0 for column in columns))
