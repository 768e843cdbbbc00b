"""Text in CSV never starts a formula, however it is split: docs/security.md, 26."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.schemas.csv_text import csv_line

SIGNS = ("=", "+", "-", "@")
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def read_back(line: str) -> list[list[str]]:
    """Read as a program does that follows RFC 4180."""
    return list(csv.reader(StringIO(line, newline=""), strict=True))


@pytest.mark.parametrize("start", STARTS)
def test_formulas_become_text(start: str) -> None:
    """A spreadsheet shows them with an apostrophe and computes nothing."""
    assert read_back(csv_line([f"{start}1"])) == [[f"'{start}1"]]


@pytest.mark.parametrize("separator", [";", "\t", "\r", "\n", "\r\n", '"', ';"', ";;"])
def test_formula_behind_any_separator_becomes_text(separator: str) -> None:
    """Also for a spreadsheet that splits there."""
    line = csv_line([f"Ann{separator}=1+1"])

    assert read_back(line)[0][0].endswith("'=1+1")


@given(st.lists(st.text("ab=+-@;,\t\r\n\"'"), min_size=1))
def test_no_split_finds_a_formula(cells: list[str]) -> None:
    """Whatever separates cells, none begins like a formula; nothing else is lost."""
    found = read_back(csv_line(cells))[0]

    for written, cell in zip(found, cells, strict=True):
        for separator in ';\t\r\n"':
            parts = written.split(separator)
            assert not any(part.startswith(SIGNS) for part in parts)
        assert written.replace("'", "") == cell.replace("'", "")


def test_other_cells_stay() -> None:
    """Numbers and booleans are JSON's, nulls are empty, every text is quoted."""
    cells = [-1, None, 'a,"b"', True, False, 0.5, ["x"], {"a": 1}, ""]

    assert csv_line(cells) == (
        '-1,,"a,""b""",true,false,0.5,"[""x""]","{""a"":1}",""\r\n'
    )


def test_large_numbers_stay_exact() -> None:
    """Identifiers of carts go beyond what a float holds."""
    assert csv_line([2**63 - 1]) == "9223372036854775807\r\n"
