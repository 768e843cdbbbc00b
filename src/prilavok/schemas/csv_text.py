"""CSV (RFC 4180) that no spreadsheet mistakes for formulas.

Texts stand in quotes, numbers and booleans as in JSON, null is an empty cell.
"""

import re
from collections.abc import Iterable
from typing import Final

import orjson

# A spreadsheet that splits cells at semicolons or tabs, or honours no quotes, sees more
# beginnings of cells than we wrote. It trims CR and LF off, and takes the wide signs
# of East Asian texts for the narrow ones.
FORMULA: Final = re.compile(
    """(?:^|(?<=[;\t\r\n"]))(?=[=+@\t\r\n\uff1d\uff0b\uff0d\uff20-])"""
)
HARMLESS: Final = "'"


def csv_line(cells: Iterable[object]) -> str:
    """Write one line of JSON values."""
    line = ",".join(map(_cell, cells))
    return f"{line}\r\n"


def _cell(found: object) -> str:
    if found is None:
        return ""
    if isinstance(found, (bool, int, float)):
        return orjson.dumps(found).decode()
    text = found if isinstance(found, str) else orjson.dumps(found).decode()
    doubled = FORMULA.sub(HARMLESS, text).replace('"', '""')
    return f'"{doubled}"'
