"""docs/security.md, 26: text in CSV never starts a formula."""

import csv
from io import StringIO

import pytest

from prilavok.schemas.csv_text import csv_line


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_formulas_become_text(start: str) -> None:
    """A spreadsheet shows them with an apostrophe and computes nothing."""
    line = csv_line([f"{start}1+1"])
    rows = list(csv.reader(StringIO(line, newline=""), strict=True))

    assert rows == [[f"'{start}1+1"]]


def test_other_cells_stay() -> None:
    """Numbers keep their sign, nulls are empty, commas and quotes are quoted."""
    assert csv_line([-1, None, 'a,"b"', True]) == '-1,,"a,""b""",True\r\n'
