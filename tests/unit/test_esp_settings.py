"""The ESP_ settings, times to come back, and reasons, whatever they hold."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from prilavok.assembly.outside import open_esp
from prilavok.clients.email_provider.account import EspAccount
from prilavok.clients.email_provider.answers import in_words
from prilavok.clients.email_provider.opening import PROVIDERS, open_provider
from prilavok.clients.email_provider.rate_limits import retry_seconds
from prilavok.settings import SettingsError, load_settings


@pytest.mark.parametrize(
    ("name", "url", "user", "token", "contact_list", "named"),
    [
        ("sendgrid", "http://esp", "u", "t", "1", "ESP_PROVIDER"),
        ("listmonk", None, "u", "t", "1", "ESP_URL"),
        ("brevo", None, None, None, "1", "ESP_TOKEN"),
        ("demo", "esp:8190", None, "t", None, "ESP_URL"),
        ("demo", "ftp://esp", None, "t", None, "ESP_URL"),
        ("demo", "http://[", None, "t", None, "ESP_URL"),
        ("demo", "http://me:secret@esp", None, "t", None, "ESP_URL"),
        ("demo", "http://esp?x=1", None, "t", None, "ESP_URL"),
        ("demo", "http://esp", None, "t\r\nX: y", None, "ESP_TOKEN"),
        ("mailman", "http://esp", "u", "t", None, "ESP_LIST"),
        ("mailman", "http://esp", None, "t", "game@x.com", "ESP_USER"),
        ("listmonk", "http://esp", "u:v", "t", "1", "ESP_USER"),
        ("listmonk", "http://esp", "u", "", "1", "ESP_TOKEN"),
        ("listmonk", "http://esp", "u", "t", "one", "ESP_LIST"),
        ("brevo", None, None, "ключ", "1", "ESP_TOKEN"),
        ("brevo", None, None, "t", "-1", "ESP_LIST"),
    ],
)
async def test_what_is_missing_is_named(
    name: str,
    url: str | None,
    user: str | None,
    token: str | None,
    contact_list: str | None,
    named: str,
) -> None:
    """Before anything is asked, and without any secret."""
    opened = open_provider(name, url, user, token, contact_list, 1)
    with pytest.raises(SettingsError, match=named) as caught:
        await opened.__aenter__()
    assert "secret" not in str(caught.value)


async def test_providers_are_listed_in_one_place(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """docs/providers.md: a new one is a file and a line; settings need not know it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ESP_PROVIDER", "sendgrid")
    opened = open_esp(load_settings())

    with pytest.raises(SettingsError, match="ESP_PROVIDER: one of demo, mailman, "):
        await opened.__aenter__()


@pytest.mark.parametrize("name", PROVIDERS)
async def test_settings_that_suffice(name: str) -> None:
    """Nothing is asked at opening: nobody is there."""
    opened = open_provider(name, "http://esp.invalid", "u", "t", "1", 1)
    async with opened as provider:
        assert provider is not None


async def test_without_any_setting_plays_wait() -> None:
    """The default is the demo provider, which may not run; the service must."""
    async with open_provider("demo", None, None, None, None, 5) as provider:
        assert provider is not None


@pytest.mark.parametrize(
    "url",
    [
        "http://esp/base",
        "http://esp/base/",
        "http://esp/base/v3",
        "http://esp/base/v3/",
    ],
)
def test_addresses_may_hold_the_version_or_not(url: str) -> None:
    """The vendors' own documents do it both ways."""
    account = EspAccount(url, None, "secret", None)

    assert account.base_url("/v3") == "http://esp/base/v3"
    assert "secret" not in repr(account)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 1),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": " 7 "}, 7),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "-7"}, 1),
        ({"Retry-After": "soon"}, 1),
        ({"Retry-After": "٧"}, 1),
        ({"Retry-After": "9" * 5000}, 3600),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 1),
        ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, 3600),
        ({"Retry-After": "Fri, 99 Dec 99999 99:99:99 +9999"}, 1),
        ({"x-sib-ratelimit-reset": "5"}, 5),
        ({"Retry-After": "7", "x-sib-ratelimit-reset": "5"}, 7),
        ({"Retry-After": "soon", "x-sib-ratelimit-reset": "5"}, 5),
    ],
)
def test_times_to_come_back(headers: Mapping[str, str], seconds: int) -> None:
    """Any header a provider may send."""
    assert retry_seconds(headers) == seconds


def test_a_date_to_come_back() -> None:
    """In GMT, said or not."""
    then = datetime.now(UTC) + timedelta(hours=1)
    for text in (format_datetime(then, usegmt=True), f"{then:%a, %d %b %Y %H:%M:%S}"):
        assert 3500 < retry_seconds({"Retry-After": text}) <= 3600


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (None, "It gives no reason."),
        (["a"], "It gives no reason."),
        (" \r\n\t ", "It gives no reason."),
        ("Invalid email: ANN@x.com!", "Invalid email: the email!"),
        ("a\r\nb\x00c\u202ed", "a bcd"),
        ("x" * 5000, "x" * 200),
    ],
)
def test_reasons_are_short_lines_without_the_email(reason: object, words: str) -> None:
    """They are stored, shown and logged."""
    assert in_words(reason, "ann@x.com") == words
