"""``prilavok report``: the same answers on the command line."""

import csv
import json
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from typer.testing import CliRunner, Result

from prilavok.cli import reports
from prilavok.domain.errors import NotFound
from prilavok.domain.reports.questions import ReportName
from prilavok.embedded.postgres import PostgresUrls
from prilavok.embedded.valkey import ValkeyUrls
from tests.oracle.lines import write_log
from tests.shop_logs import KnownCountries, open_desk

CARTS: Final = 60
# Between its colons stands the name of an emoji.
VISITOR: Final = "2001:db8:a::1"
PATH: Final = "/cart?goods_id=1&amount=1&cart_id={}"

pytestmark: Final = pytest.mark.usefixtures("unpaid_carts")
cli: Final = typer.Typer()
reports.register(cli)


@pytest.fixture
def connected(
    postgres: PostgresUrls,
    valkey: ValkeyUrls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Let commands find the test's servers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", postgres.app)
    monkeypatch.setenv("REDIS_URL", valkey.service)
    monkeypatch.setenv("SECRET_KEY", "a key that only tests are signed with")


@pytest.fixture
async def unpaid_carts(postgres: PostgresUrls, connected: None) -> AsyncIterator[None]:
    """Import more carts than HTTP shows on a page; nobody pays them."""
    carts = range(1, CARTS + 1)
    paths = map(PATH.format, carts)
    log = write_log(
        *(
            f"2018-08-01 00:00:00 {cart} {VISITOR} {path}"
            for cart, path in zip(carts, paths, strict=True)
        ),
    )
    async with open_desk(postgres, KnownCountries({})) as desk:
        await desk.bring_in(log)
        yield


def report(*words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, words)


def report_json(*words: str) -> Any:
    """Run the command for a program."""
    done = report(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_json_has_all_rows() -> None:
    """It is what HTTP answers, on one page."""
    document = report_json("6", "--to", "2018-08-01")

    assert document["answer"] == {"carts": CARTS}
    assert len(document["rows"]) == document["per_page"] == CARTS
    assert document["parameters"] == {"from": None, "to": "2018-08-01"}
    assert report_json("unpaid-carts", "--from", "2018-08-02")["rows"] == []


def test_csv_has_all_rows() -> None:
    """Under the names of the members of a row."""
    done = report("unpaid-carts", "--format", "csv")
    rows = list(csv.DictReader(StringIO(done.stdout)))

    assert done.exit_code == 0
    assert [row["cart_id"] for row in rows] == [
        str(cart) for cart in range(1, CARTS + 1)
    ]
    assert {row["visitor"] for row in rows} == {VISITOR}


def test_table_says_the_answer() -> None:
    """The first rows follow, addresses letter for letter."""
    done = report("6")

    assert done.exit_code == 0
    assert f"Never paid: {CARTS} carts." in done.stdout
    assert VISITOR in done.stdout
    assert f"20 of {CARTS} rows" in done.stdout


def test_all_answers_come_at_once() -> None:
    """Options go to the reports that take them."""
    tables = report("all")
    items = report_json("all", "--category", "caviar")["items"]

    assert tables.exit_code == 0
    assert tables.stdout.count("Nothing was counted.") == 4
    assert [one["report"] for one in items] == list(ReportName)
    assert [one["parameters"].get("category") for one in items] == [
        None,
        "caviar",
        "caviar",
        None,
        "caviar",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("4", "--from", "2018-08-02", "--to", "2018-08-01"), "--to"),
        (("1", "--category", "caviar"), "--category"),
        (("2", "--category", "Caviar"), "small letters"),
        (("3", "--scope", "pages"), "--scope"),
        (("all", "--from", "yesterday"), "--from"),
        (("all", "--format", "csv"), "CSV"),
    ],
)
def test_malformed_questions_are_refused(
    words: tuple[str, ...],
    complaint: str,
) -> None:
    """The option is named; nothing goes to standard output."""
    done = report(*words)

    assert done.exit_code != 0
    assert complaint in done.stderr
    assert not done.stdout


def test_other_reports_do_not_exist() -> None:
    """``main`` says so on stderr."""
    done = report("8")

    assert done.exit_code != 0
    assert isinstance(done.exception, NotFound)
