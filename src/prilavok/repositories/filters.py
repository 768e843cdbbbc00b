"""Conditions that lists share."""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    collate,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

# PostgreSQL's own, the same everywhere. Folding by Unicode's rules knows that a Greek
# word ends with another sigma than it has inside; lower case does not.
COLLATION: Final = "pg_unicode_fast"
NFC: Final[ColumnElement[Any]] = literal_column("NFC")


def contains(name: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Match a substring of any column without regard to case.

    What is looked for may be in any Unicode form; what is stored is in NFC, as
    normalising each row would take eight times as long. ``strpos`` knows no wildcards,
    so ``%`` and ``_`` stand for themselves.
    """
    given = func.normalize(bindparam(name, type_=String), NFC)
    # A query of its own is worked out once, not again for each row.
    needle = select(_folded(given)).scalar_subquery()
    return or_(*(func.strpos(_folded(column), needle) > 0 for column in columns))


def _folded(text: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Any:
    return func.casefold(collate(text, COLLATION))
