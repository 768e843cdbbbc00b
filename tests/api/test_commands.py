"""The commands for accounts and sessions: the same services, without HTTP."""

import json
import sys
from asyncio import run
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from prilavok.assembly.services import open_services
from prilavok.domain.access import Actor
from prilavok.domain.paging import MAX_PER_PAGE
from prilavok.domain.sessions import Device, SignIn
from prilavok.embedded.postgres import PostgresUrls
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.repositories.session_records import milliseconds
from prilavok.repositories.sessions import EVERYBODY
from prilavok.settings import Settings
from tests.api.terminal import Prilavok, make_zoe


def sign_in(settings: Settings, login: str, password: str) -> None:
    """Sign in as the service would; a wrong password raises."""
    run(_sign_in(settings, SignIn(login, password)))


async def _sign_in(settings: Settings, command: SignIn) -> None:
    async with open_services(settings) as services:
        await services.sign_in.sign_in(Actor("test"), command, Device("", "test"))


def test_administrator_can_be_made_before_the_first_start(
    prilavok: Prilavok,
    settings: Settings,
) -> None:
    """The shown password is the one that signs in."""
    sign_in(settings, "zoe", make_zoe(prilavok))
    listed = prilavok.read("users", "list")["items"]

    assert [(user["login"], user["role"]) for user in listed] == [("zoe", "Admin")]
    assert "zoe" in prilavok("users", "list", "-q", "ZO")
    assert "zoe" not in prilavok("users", "list", "-q", "nobody")


def test_new_password_ends_every_session(
    prilavok: Prilavok,
    settings: Settings,
) -> None:
    """By command nobody's own session is spared."""
    password = make_zoe(prilavok)
    sign_in(settings, "zoe", password)
    before = prilavok.read("sessions", "list")["items"]
    told = prilavok("admin", "reset-password", "zoe")
    after = prilavok.read("sessions", "list")["items"]

    held = [one for one in before if one["user"] and one["user"]["login"] == "zoe"]
    assert [one["kind"] for one in held] == ["cookie"]
    assert held[0]["id"] not in {one["id"] for one in after}
    sign_in(settings, "zoe", told.rpartition(" ")[2].strip())


def test_sessions_are_listed_and_revoked(
    prilavok: Prilavok,
    settings: Settings,
) -> None:
    """One by its id, or all of a login, and never by neither."""
    password = make_zoe(prilavok)
    sign_in(settings, "zoe", password)
    sign_in(settings, "zoe", password)
    listed = prilavok.read("sessions", "list")["items"]
    shown = prilavok("sessions", "list")
    prilavok("sessions", "revoke", listed[0]["id"])
    left = prilavok("sessions", "list", "--json")
    prilavok("sessions", "revoke", "--user", "zoe", "--json")
    with pytest.raises(SystemExit):
        prilavok("sessions", "revoke")

    assert listed[0]["id"] not in left
    assert listed[1]["id"] in left
    assert f"{listed[0]['id']}  zoe  " in shown
    assert listed[1]["id"] not in prilavok("sessions", "list")


def test_each_session_is_listed_once(
    prilavok: Prilavok,
    settings: Settings,
    valkey: ValkeyUrls,
) -> None:
    """Also where pages are short, because records are gone."""
    sign_in(settings, "zoe", make_zoe(prilavok))
    next_year = milliseconds(datetime.now(UTC) + timedelta(days=365))
    gone = {str(uuid4()): next_year for _ in range(MAX_PER_PAGE - 1)}
    with Redis.from_url(valkey.service) as redis:
        known = redis.zcard(EVERYBODY)
        redis.zadd(EVERYBODY, gone)
        listed = prilavok.read("sessions", "list")["items"]
        redis.zrem(EVERYBODY, *gone)

    assert 0 < len(listed) <= known
    assert len({one["id"] for one in listed}) == len(listed)


def test_password_may_come_from_standard_input(
    prilavok: Prilavok,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
) -> None:
    """It is then not shown, and the same rules hold as by HTTP."""
    given = tmp_path / "password"
    given.write_text("a long and quiet river\n")
    with given.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        told = prilavok("admin", "create", "ann", "--password-stdin", "--json")
    given.write_text("password\n")
    with given.open() as common, pytest.raises(SystemExit) as ended:
        monkeypatch.setattr(sys, "stdin", common)
        prilavok("admin", "create", "bob", "--password-stdin")

    assert json.loads(told) == {"login": "ann"}
    assert "most common" in str(ended.value.code)
    sign_in(settings, "ann", "a long and quiet river")


def test_doctor_tells_right_from_wrong(
    prilavok: Prilavok,
    postgres: PostgresUrls,
    no_pause: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Migrations, rights and settings, each in words."""
    monkeypatch.setenv("ESP_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ESP_TOKEN", "never shown to anybody")
    monkeypatch.setenv("MIGRATION_DATABASE_URL", postgres.owner)
    well = prilavok.read("doctor")["checks"]
    monkeypatch.setenv("DEBUG", "true")
    with pytest.raises(SystemExit):
        prilavok("doctor")

    monkeypatch.delenv("DEBUG")
    monkeypatch.delenv("ESP_URL")
    with pytest.raises(SystemExit):
        prilavok("doctor")

    assert {"postgresql", "redis", "migrations"} <= {check["name"] for check in well}
    assert all(check["ok"] for check in well)


def test_missing_settings_are_named(
    prilavok: Prilavok,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without stores a command says which setting is missing."""
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(SystemExit) as ended:
        prilavok("users", "list")

    assert "DATABASE_URL" in str(ended.value.code)
