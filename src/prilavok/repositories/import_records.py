"""Imports as rows have them, whichever connection read the row."""

from typing import Any
from uuid import UUID

from prilavok.domain.imports import Import, ImportState
from prilavok.repositories.listing import TOTAL


def to_import(record: Any) -> Import:
    """Read the columns of an import; on a page each row also has the total."""
    columns = dict(record)
    columns.pop(TOTAL, None)
    known_id, state = UUID(str(columns["id"])), ImportState(columns["state"])
    return Import(**(columns | {"id": known_id, "state": state}))
