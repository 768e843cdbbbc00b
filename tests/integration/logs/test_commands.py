"""``prilavok import`` and ``prilavok demo``."""

import json
from asyncio import to_thread
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from typer.testing import CliRunner, Result

from prilavok.cli import demo, logs
from prilavok.domain.imports import UnknownImport, UnreadableLog
from prilavok.embedded.postgres import PostgresUrls
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.repositories.log_imports.store import LogStore
from tests.logs.made_up import made_up_log

LINES: Final = 300
REJECTED: Final = ("302", "syntax", r"what\x00?")
cli: Final = typer.Typer()
logs.register(cli)
demo.register(cli)

pytestmark: Final = pytest.mark.usefixtures("connected")


@pytest.fixture
def connected(
    postgres: PostgresUrls,
    valkey: ValkeyUrls,
    store: LogStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Let commands find the test's servers, and files in their folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", postgres.app)
    monkeypatch.setenv("REDIS_URL", valkey.service)
    monkeypatch.setenv("SECRET_KEY", "a key that only tests are signed with")
    Path("log.txt").write_bytes(made_up_log(LINES))
    Path("bad.txt").write_bytes(b"\n%bwhat\0?\n" % made_up_log(LINES))


def prilavok(*words: str, stdin: bytes | None = None) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli, words, input=stdin)


def items(*words: str) -> Any:
    """Run a command that answers a program with a list."""
    done = prilavok(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["items"]


def test_logs_come_in_and_go_out() -> None:
    """Twice the same is a success; deleted, it can come again."""
    first, again = items("import", "logs", "log.txt", "log.txt")
    listed = items("import", "list")
    deleted = prilavok("import", "delete", first["id"])

    assert (first["state"], first["inserted"]) == ("succeeded", LINES)
    assert (again["state"], again["duplicates"]) == ("succeeded", LINES)
    assert [one["id"] for one in listed] == [again["id"], first["id"]]
    assert deleted.exit_code == 0
    assert items("import", "logs", "log.txt")[0]["inserted"] == LINES
    assert isinstance(
        prilavok("import", "delete", first["id"]).exception,
        UnknownImport,
    )


def test_rejected_lines_are_written_to_a_file() -> None:
    """Number, reason and text, and the summary counts them."""
    done = prilavok("import", "logs", "bad.txt", "--rejected", "rejected.txt")

    assert done.exit_code == 0
    assert "succeeded" in done.stdout
    assert Path("rejected.txt").read_text().split() == list(REJECTED)


def test_dry_run_only_looks() -> None:
    """Nothing is stored, and no import is listed."""
    checked = items("import", "logs", "bad.txt", "--dry-run")
    shown = prilavok("import", "logs", "bad.txt", "--dry-run")

    assert checked == [
        {"name": "bad.txt", "lines": 301, "valid": 300, "rejected": 1, "error": None},
    ]
    assert "bad.txt" in shown.stdout
    assert items("import", "list") == []


def test_standard_input_is_a_log_too() -> None:
    """A dash stands for it."""
    done = prilavok("import", "logs", "-", "--json", stdin=made_up_log(LINES))

    assert json.loads(done.stdout)["items"][0]["name"] == "standard input"
    assert json.loads(done.stdout)["items"][0]["inserted"] == LINES


def test_what_fails_is_no_success() -> None:
    """A damaged archive is listed with its error; a missing file says so."""
    Path("cut.gz").write_bytes(b"\x1f\x8b\x08")
    failed = prilavok("import", "logs", "cut.gz")
    missing = prilavok("import", "logs", "nowhere.txt")
    unwritable = prilavok("import", "logs", "log.txt", "--rejected", "no/where")

    assert (failed.exit_code, "failed" in failed.stdout) == (1, True)
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert missing.stderr == "nowhere.txt: No such file or directory.\n"
    assert isinstance(unwritable.exception, UnreadableLog)


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_what_is_no_log_fails_and_says_what_it_looks_like(more: tuple[str]) -> None:
    """The others come in, each is told, and the exit code is 1."""
    Path("cut.gz").write_bytes(b"\x1f\x8b\x08")
    Path("wide.txt").write_bytes(made_up_log(LINES).decode().encode("utf-16"))
    files = ("nowhere.txt", "cut.gz", "wide.txt", "log.txt")
    done = prilavok("import", "logs", *files, *more, "--json")
    shown = json.loads(done.stdout)["items"]
    told = done.stderr.splitlines()

    assert done.exit_code == 1
    assert [one["name"] for one in shown if one["lines"]] == ["wide.txt", "log.txt"]
    assert shown[-1].get("inserted", shown[-1].get("valid")) == LINES
    assert [line.split(":")[0] for line in told] == [
        "nowhere.txt",
        "cut.gz",
        "wide.txt",
    ]
    assert "UTF-16" in told[-1]
    assert "UTF-16" in shown[-2]["error"]


def test_half_a_line_of_standard_input_is_rejected() -> None:
    """It is shown like every other rejected line."""
    log = made_up_log(LINES)[:-9]
    words = ("import", "logs", "-", "--json", "--rejected", "rejected.txt")
    done = prilavok(*words, stdin=log)
    number, reason, text = Path("rejected.txt").read_text().rstrip("\n").split("\t")

    assert json.loads(done.stdout)["items"][0]["inserted"] == LINES - 1
    assert (number, reason) == (str(LINES), "unfinished")
    assert text == log.splitlines()[-1].decode()


def test_made_up_log_can_be_read_back() -> None:
    """As many lines as asked, on the days that were asked."""
    words = ("demo", "log", "--lines", "50", "--start", "2026-01-01", "--days", "2")
    log = prilavok(*words).stdout_bytes
    days = {line.split()[2] for line in log.splitlines()}
    done = prilavok("import", "logs", "-", "--json", stdin=log)

    assert days == {b"2026-01-01", b"2026-01-02"}
    assert json.loads(done.stdout)["items"][0]["inserted"] == 50


def test_sample_comes_once_and_goes_for_good() -> None:
    """Only where no log ever came."""
    came = demo.prepare_sample()
    again = demo.prepare_sample()
    sample = items("import", "list")[0]
    cleared = prilavok("demo", "clear")
    nothing = prilavok("demo", "clear")

    assert (came, again) == (True, False)
    assert (sample["name"], sample["inserted"]) == ("made-up sample", 20_000)
    assert "gone" in cleared.stdout
    assert "no sample" in nothing.stdout
    assert not demo.prepare_sample()
    assert items("import", "list") == []


def test_other_made_up_logs_repeat_nothing_of_the_sample(tmp_path: Path) -> None:
    """Though they are of the same days."""
    demo.prepare_sample()
    log = tmp_path / "made-up.log"
    log.write_bytes(prilavok("demo", "log", "--lines", "1000").stdout_bytes)
    prilavok("import", "logs", str(log))

    assert items("import", "list")[0]["duplicates"] == 0


async def test_sample_that_was_killed_is_made_again(store: LogStore) -> None:
    """What there is of it goes out first."""
    async with store.session() as session, session.by_block() as repositories:
        await repositories.imports.start("made-up sample", True, None)
    came = await to_thread(demo.prepare_sample)
    listed = await to_thread(items, "import", "list")

    assert came
    assert [one["state"] for one in listed] == ["succeeded"]
