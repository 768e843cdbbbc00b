"""What the log tells of sign-ins and changes. Numbers: docs/security.md."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.calls import ask, own_id
from tests.api.conftest import OpenBrowser
from tests.api.devices import current, end
from tests.api.log_capture import Log
from tests.api.people import ADMIN_LOGIN, PASSWORD, ApiClient, make_role, make_user


@pytest.fixture
def log_format() -> str:
    """Log for machines."""
    return "json"


@pytest.fixture
def log(log_format: str) -> Iterator[Log]:
    """Log as production does until the test ends."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    root.handlers = []
    yield Log(log_format)
    root.handlers = before
    root.setLevel(level)


def is_now_in_utc(line: dict[str, Any]) -> bool:
    """Tell whether a line says when it was written."""
    moment = datetime.fromisoformat(line["timestamp"])
    return moment.utcoffset() == timedelta(0)


async def test_sign_ins_are_logged(
    log: Log,
    client: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """42: good and bad ones, with who, from where and when."""
    for login, password in ((ADMIN_LOGIN, "wrong"), ("nobody", PASSWORD)):
        body = {"login": login, "password": password}
        await ask(client, "POST /auth/login", body)
    bad = log.events("sign-in refused")
    admin = await open_browser(ADMIN_LOGIN)
    user_id = await own_id(admin)
    good = log.events("signed in")[0]

    assert [line["login"] for line in bad] == [ADMIN_LOGIN, None]
    assert {line["level"] for line in bad} == {"warning"}
    assert good["user_id"] == user_id
    for line in (*bad, good):
        assert line["address"] == open_browser.address
        assert is_now_in_utc(line)
        assert line["request_id"]


async def test_refusals_are_logged(
    log: Log,
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """42: who asked for what he may not, and who was not known at all."""
    await make_user(admin, "ann")
    ann = await open_browser("ann")
    user_id = await own_id(ann)
    log.take()
    await ask(ann, "DELETE /users/019a9f3e-7d10-7cc3-98c4-dc0c0c07398f")
    await ask(await open_browser(), "GET /users")
    forbidden, unknown = log.events("request")

    assert (forbidden["status"], forbidden["user_id"]) == (403, user_id)
    assert forbidden["route"] == "/api/v1/users/{id}"
    assert (unknown["status"], unknown["user_id"]) == (401, None)
    assert unknown["address"] == open_browser.address


async def test_changes_of_rights_are_logged(log: Log, admin: ApiClient) -> None:
    """42: of roles and of who holds them, with the actor."""
    role = await make_role(admin, "Clerk", "users:read")
    user = await make_user(admin, "ann")
    log.take()
    await ask(admin, f"PATCH /users/{user['id']}", {"role": "Clerk"})
    changed = log.events("user changed")[0]
    await ask(admin, f"PATCH /roles/{role['id']}", {"permissions": []})
    narrowed = log.events("role changed")[0]

    assert (changed["user_id"], changed["role"]) == (user["id"], "Clerk")
    assert (changed["fields"], changed["has_new_password"]) == (["role"], False)
    assert (narrowed["role_id"], narrowed["permissions"]) == (role["id"], [])
    for line in (changed, narrowed):
        assert line["actor"] == ADMIN_LOGIN
        assert line["actor_id"] == await own_id(admin)


async def test_revocations_are_logged(
    log: Log,
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """42: which session of whom, by whom."""
    user = await make_user(admin, "ann")
    session_id = await current(await open_browser("ann"))
    log.take()
    await end(admin, session_id)
    ended = log.events("session ended")[0]

    assert (ended["session_id"], ended["user_id"]) == (session_id, user["id"])
    assert ended["actor"] == ADMIN_LOGIN


@pytest.mark.parametrize("log_format", ["json", "console"])
async def test_nobody_writes_lines_of_his_own(
    log: Log,
    admin: ApiClient,
    client: ApiClient,
) -> None:
    """42: whatever stands in logins, names, paths and headers stays on its line."""
    forged = "x\r\nforged line\x1b[2J\u2028forged line"
    log.take()
    client.session.headers["User-Agent"] = "\u2028forged line"
    await ask(client, "POST /auth/login", {"login": forged, "password": forged})
    role = {"name": "A\u2028forged line", "permissions": []}
    await ask(admin, "POST /roles", role)
    await ask(client, "GET /%0d%0aforged%20line?forged%0aline")
    lines = log.take()
    starts = [line.lstrip().startswith("forged") for line in lines]

    assert len(lines) >= 4
    assert not any(starts)
    assert "\x1b[2J" not in "".join(lines)
