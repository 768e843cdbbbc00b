"""The password of the first administrator is no weaker than anybody's."""

from dataclasses import replace
from typing import Final

import pytest
from argon2 import PasswordHasher

from prilavok.app import create_app
from prilavok.cli.first_administrator import make_administrator
from prilavok.settings import Settings, SettingsError
from tests.api.calls import ask
from tests.api.people import ADMIN_LOGIN, ApiClient, browser, serve, sign_in

WEAK: Final = ("123456", "password", "Qwertyuiop", "x" * 129, "e\u0301" * 7)


@pytest.mark.parametrize("password", WEAK)
def test_weak_password_of_the_first_administrator_is_refused(
    settings: Settings,
    empty_tables: None,
    password: str,
) -> None:
    """``up`` says which setting needs attention, and why."""
    with pytest.raises(SettingsError, match="^ADMIN_PASSWORD: .*password"):
        make_administrator(replace(settings, admin_password=password))


@pytest.mark.parametrize("password", [WEAK[0], ""])
async def test_service_starts_without_an_administrator(
    settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
    caplog: pytest.LogCaptureFixture,
    password: str,
) -> None:
    """As without the setting; the log names it."""
    weak = replace(settings, admin_password=password)
    credentials = {"login": ADMIN_LOGIN, "password": password}
    async with serve(create_app(weak, hasher)) as server, browser(server) as client:
        status = await ask(client, "POST /auth/login", credentials)

    assert status == 401
    assert "ADMIN_PASSWORD is refused" in caplog.text


async def test_weak_setting_harms_nobody_where_there_is_an_administrator(
    admin: ApiClient,
    settings: Settings,
    hasher: PasswordHasher,
) -> None:
    """It is not used: who signed in before goes on."""
    weak = replace(settings, admin_password=WEAK[0])
    async with serve(create_app(weak, hasher)) as server, browser(server) as client:
        await sign_in(client, ADMIN_LOGIN)

        assert await ask(client, "GET /auth/me") == 200
