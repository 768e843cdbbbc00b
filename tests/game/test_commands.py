"""``prilavok players sync``."""

from typing import Final

import pytest

from prilavok.embedded.postgres import PostgresUrls
from tests.api import conftest as api
from tests.api.terminal import Prilavok
from tests.databases import execute

settings = api.settings
prilavok = api.prilavok

WAITING: Final = (
    "INSERT INTO players (email, email_given, esp_due_at)"
    " VALUES ('ann@shop.example', 'Ann@shop.example', now() + interval '1 hour')"
)


def test_nothing_waits(prilavok: Prilavok, no_pause: None) -> None:
    """Then all is well."""
    said = prilavok.read("players", "sync")

    assert said == {"settled": 0, "pending": 0, "trouble": None}


def test_what_still_waits_is_a_failure(
    prilavok: Prilavok,
    postgres: PostgresUrls,
    no_pause: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without a provider nothing is delivered, and the command says why."""
    execute(postgres.owner, (WAITING,))
    with pytest.raises(SystemExit) as ended:
        prilavok("players", "sync")
    said = capsys.readouterr().out

    assert ended.value.code == 1
    assert "0 delivered, 1 still wait." in said
    assert "ESP_URL" in said


def test_one_failure_is_told_as_well(
    prilavok: Prilavok,
    postgres: PostgresUrls,
    no_pause: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody has given the provider up yet, so it is the player that says why."""
    monkeypatch.setenv("ESP_URL", "http://127.0.0.1:1")
    execute(postgres.owner, (WAITING,))
    with pytest.raises(SystemExit) as ended:
        prilavok("players", "sync", "--seconds", "1")
    said = capsys.readouterr().out

    assert ended.value.code == 1
    assert "0 delivered, 1 still wait." in said
    assert "esp_error of each player" in said
