"""Commands that cannot be done: a sentence and an exit code, never a traceback."""

from typing import Any

import pytest
from sqlalchemy import make_url

from prilavok.embedded.postgres import PostgresUrls
from tests.api.terminal import Prilavok, make_zoe


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("admin", "create", "zoe"), "This login is taken."),
        (("admin", "create", "z z"), "1 to 64 of"),
        (("admin", "reset-password", "nobody"), "There is no such user."),
        (("sessions", "revoke", "--user", "nobody"), "There is no such user."),
        (
            ("sessions", "revoke", "01a1fd09-6aec-75fe-9918-840bc23338b1"),
            "There is no such session.",
        ),
        (("report", "nope"), "there are countries, "),
    ],
)
def test_refusals_are_told_in_words(
    prilavok: Prilavok,
    words: tuple[str, ...],
    told: str,
) -> None:
    """A sentence on stderr and an exit code, never a traceback."""
    make_zoe(prilavok)
    with pytest.raises(SystemExit) as ended:
        prilavok(*words)

    assert told in str(ended.value.code)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("migrate", "nope"), "Can't locate revision"),
        (("downgrade", "-99"), "-99"),
    ],
)
def test_an_unknown_revision_is_told(
    prilavok: Prilavok,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    complaint: str,
) -> None:
    """It is among the words that were typed, so the command says how to use it."""
    with pytest.raises(SystemExit, match="2"):
        prilavok(*words)

    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("words", [("users", "list"), ("migrate",)])
@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"port": 1}, r"does not answer.*\n.*Connect call failed"),
        ({"username": "nobody"}, "does not let us in"),
    ],
)
def test_a_database_out_of_reach_is_told(
    prilavok: Prilavok,
    postgres: PostgresUrls,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    wrong: dict[str, Any],
    complaint: str,
) -> None:
    """Away, or it does not know us."""
    url = make_url(postgres.app).set(**wrong)
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    with pytest.raises(SystemExit, match=complaint):
        prilavok(*words)
