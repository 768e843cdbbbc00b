"""What ends sessions, and that they stay ended. Numbers: docs/security.md."""

from asyncio import gather
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.calls import ask, refusal
from tests.api.conftest import OpenBrowser
from tests.api.devices import are_in, current, end
from tests.api.people import (
    ADMIN_LOGIN,
    PASSWORD,
    ApiClient,
    make_role,
    make_user,
    sign_in,
    use_token,
)

NEW_PASSWORD: Final = "another horse battery"
ROUNDS: Final = 20
IN_FLIGHT: Final = 10


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("PATCH", {"is_active": False}),
        ("PATCH", {"password": NEW_PASSWORD}),
        ("DELETE", None),
    ],
)
async def test_changed_account_is_signed_out(
    admin: ApiClient,
    open_browser: OpenBrowser,
    line: str,
    changes: dict[str, Any] | None,
) -> None:
    """7, 8: disabled, given a new password or deleted: useless at once, token too."""
    user = await make_user(admin, "ann")
    ann, program = await open_browser("ann"), await open_browser()
    await use_token(program, "ann")
    before = await are_in(ann, program)
    await ask(admin, f"{line} /users/{user['id']}", changes)

    assert before == [200, 200]
    assert await are_in(ann, program) == [401, 401]


async def test_who_was_disabled_behind_our_back_stays_signed_out(
    admin: ApiClient,
    open_browser: OpenBrowser,
    owner_engine: AsyncEngine,
) -> None:
    """7: by SQL, or by a process that died before it told Redis; and enabled again."""
    await make_user(admin, "ann")
    ann = await open_browser("ann")
    before = await are_in(ann)
    for is_active in (False, True):
        async with owner_engine.begin() as connection:
            await connection.execute(
                text("UPDATE users SET is_active = :it WHERE login = 'ann'"),
                {"it": is_active},
            )

    assert before == [200]
    assert await are_in(ann) == [401]


async def test_new_password_spares_the_session_that_set_it(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """8, 43: the old password is asked for, and every other session ends."""
    other = await open_browser(ADMIN_LOGIN)
    body = {"current_password": "wrong", "new_password": NEW_PASSWORD}
    wrong = await refusal(admin, "POST /auth/password", body)
    done = await ask(
        admin,
        "POST /auth/password",
        body | {"current_password": PASSWORD},
    )
    old = {"login": ADMIN_LOGIN, "password": PASSWORD}

    assert (wrong["code"], wrong["errors"][0]["pointer"]) == (
        "invalid-request",
        "/current_password",
    )
    assert done == 204
    assert await are_in(admin, other) == [200, 401]
    assert await ask(other, "POST /auth/login", old) == 401
    await sign_in(other, ADMIN_LOGIN, NEW_PASSWORD)


async def test_change_of_role_acts_on_the_next_request(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """7: more and less, by the role or its permissions; nobody signs in again."""
    role = await make_role(admin, "Reader")
    user = await make_user(admin, "ann", role="Reader")
    ann = await open_browser("ann")
    seen = [await ask(ann, "GET /users")]
    for line, body in (
        (f"PATCH /roles/{role['id']}", {"permissions": ["users:read"]}),
        (f"PATCH /users/{user['id']}", {"role": "User"}),
    ):
        await ask(admin, line, body)
        seen.append(await ask(ann, "GET /users"))

    assert seen == [403, 200, 403]
    assert await are_in(ann) == [200]


async def test_ended_session_stays_ended(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """6: requests in flight do not bring it back, 20 rounds of 10."""
    await make_user(admin, "ann")
    for _ in range(ROUNDS):
        ann = await open_browser("ann")
        session_id = await current(ann)
        requests = [ask(ann, "GET /auth/me") for _ in range(IN_FLIGHT)]
        requests.insert(IN_FLIGHT // 2, end(admin, session_id))
        assert (await gather(*requests))[IN_FLIGHT // 2] == 204
        assert await are_in(ann) == [401]
