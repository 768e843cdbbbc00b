"""Settings: all read at once, all faults told at once."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Final

import pytest

from prilavok.settings import RUNNING_ENV, Settings, SettingsError, load_settings

ROOT: Final = Path(__file__).parents[2]
SECRET: Final = "s" * 32


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in an empty folder without any setting."""
    monkeypatch.chdir(tmp_path)
    for field in fields(Settings):
        monkeypatch.delenv(field.name.upper(), raising=False)


def test_example_names_every_setting() -> None:
    """``.env.example`` and the code know the same names."""
    text = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))

    assert named == {field.name.upper() for field in fields(Settings)}


def test_every_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever installs the service need not start it once per mistake."""
    wrong = {
        "HTTP_PORT": "eighty",
        "SECRET_KEY": f"{SECRET},short",
        "SHOP_TIMEZONE": "Middle/Earth",
        "TRUSTED_PROXIES": "10.0.0.0/8,proxy",
        "METRICS_ALLOWED": "everybody",
        "LOGIN_ATTEMPTS": "0",
        "PUBLIC_URL": "ftp://shop",
        "IPINFO_TOKEN": "two words",
    }
    for name, text in wrong.items():
        monkeypatch.setenv(name, text)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert {line.partition(":")[0] for line in str(caught.value).splitlines()} == set(
        wrong,
    )
    assert "short" not in str(caught.value)


def test_environment_wins_over_files(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The environment, then ``.env``, then what ``make run`` has left."""
    (tmp_path / ".env").write_text("DATA_DIR=kept\nHTTP_PORT=2\nADMIN_LOGIN=file\n")
    (tmp_path / "kept").mkdir()
    running = "REDIS_URL=redis://left\nADMIN_LOGIN=left\nHTTP_PORT=3\n"
    (tmp_path / "kept" / RUNNING_ENV).write_text(running)
    monkeypatch.setenv("HTTP_PORT", "1")

    settings = load_settings()

    found = (settings.http_port, settings.admin_login, settings.redis_url)
    assert found == (1, "file", "redis://left")


def test_https_address_means_secure_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that people use decides, not the socket behind the proxy."""
    monkeypatch.setenv("PUBLIC_URL", "https://shop.example")

    assert load_settings().is_secure
