"""Logs in which nothing repeats cost time, but no more memory than others."""

import random
from collections.abc import Iterator
from pathlib import Path
from subprocess import check_output
from sys import executable
from typing import Final

import orjson
import pytest

from prilavok.embedded.postgres import PostgresUrls
from tests.databases import migrate as migrate_database
from tests.databases import throwaway_database

ROOT: Final = Path(__file__).parents[2]
LINES: Final = 1_000_000
MOST_MEBIBYTES: Final = 450
LINE: Final = (
    "shop_api      | 2018-08-{:02} {:02}:{:02}:{:02} [{:08}] INFO: {}.{}.{}.{} "
    "https://all_to_the_bottom.com/{}\n"
)


@pytest.fixture
def database(postgres_admin: str) -> Iterator[PostgresUrls]:
    """Make one for a test alone."""
    with throwaway_database(postgres_admin) as urls:
        migrate_database(urls)
        yield urls


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["addresses", "categories", "goods"])
def test_a_million_different_ones(
    database: PostgresUrls,
    tmp_path: Path,
    kind: str,
) -> None:
    """Addresses, categories, or goods in carts."""
    path = tmp_path / "log.txt"
    with path.open("w") as log:
        log.writelines(_lines(kind))
    command = (executable, "-m", "benchmarks.log_child", "import", database.app)
    done = orjson.loads(check_output((*command, str(path)), cwd=ROOT))

    assert done["lines"] == LINES
    assert done["duplicates"] == 0
    assert done["peak"] < MOST_MEBIBYTES


def _lines(kind: str) -> Iterator[str]:
    dice = random.Random(0)
    for number in range(LINES):
        second = number * 2
        address = number if kind == "addresses" else dice.randrange(1000)
        yield LINE.format(
            1 + second // 86_400,
            second // 3600 % 24,
            second // 60 % 60,
            second % 60,
            number,
            *(1 + address).to_bytes(4),
            _path(kind, number),
        )


def _path(kind: str, number: int) -> str:
    if kind == "goods" and number % 2:
        return f"cart?goods_id={number}&amount=1&cart_id={number // 8}"
    if kind == "categories":
        return f"{_letters(number)}/"
    return f"fish/{_letters(number % 100)}/"


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))
