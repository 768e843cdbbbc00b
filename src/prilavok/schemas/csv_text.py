"""CSV (RFC 4180) that no spreadsheet mistakes for formulas."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

import orjson

# docs/security.md, 26; CR and LF because spreadsheets trim them off.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_line(cells: Iterable[object]) -> str:
    """Write one line of JSON values; null becomes an empty cell."""
    text = StringIO()
    csv.writer(text).writerow(map(csv_cell, cells))
    return text.getvalue()


def csv_cell(found: object) -> object:
    """Keep numbers and words; put an apostrophe before what looks like a formula."""
    if isinstance(found, (dict, list)):
        return orjson.dumps(found).decode()
    if isinstance(found, str) and found.startswith(FORMULA_STARTS):
        return f"'{found}"
    return found
