"""Wrong passwords are limited. Numbers: docs/security.md."""

from asyncio import gather
from collections import Counter
from itertools import repeat
from typing import Any, Final

import pytest

from prilavok.settings import Settings
from tests.api.calls import ask, read, refusal
from tests.api.conftest import OpenBrowser
from tests.api.people import (
    ADMIN_LOGIN,
    PASSWORD,
    ApiClient,
    any_address,
    make_user,
    sign_in,
)

GUESSES: Final = 50
SIGN_INS: Final = 30


def guess(login: str, password: str = "wrong") -> dict[str, Any]:
    """Fill in the form."""
    return {"login": login, "password": password}


async def try_all(client: ApiClient, *bodies: dict[str, Any]) -> Counter[int]:
    """Send all at once; count the answers."""
    lines = (ask(client, "POST /auth/login", body) for body in bodies)
    return Counter(await gather(*lines))


async def test_parallel_guesses_are_limited(
    client: ApiClient,
    admin: ApiClient,
    settings: Settings,
) -> None:
    """9: of 50 sent at once 10 are judged; then the right password is refused too."""
    done = await try_all(client, *repeat(guess(ADMIN_LOGIN), GUESSES))
    wrong = await client.post("/api/v1/auth/login", json=guess(ADMIN_LOGIN))
    right = await client.post("/api/v1/auth/login", json=guess(ADMIN_LOGIN, PASSWORD))
    wait = int(right.headers["Retry-After"])

    assert done == {
        401: settings.login_attempts,
        429: GUESSES - settings.login_attempts,
    }
    assert (wrong.status, right.status) == (429, 429)
    assert (await right.json())["code"] == "too-many-attempts"
    assert 1 <= wait <= settings.login_window_seconds
    assert await ask(admin, "GET /auth/me") == 200


async def test_attacker_does_not_lock_out_the_owner(
    admin: ApiClient,
    client: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """10: who sits elsewhere signs in; other accounts are unaffected as well."""
    await make_user(admin, "ann")
    await try_all(client, *repeat(guess("ann"), GUESSES))
    owner = await open_browser(address=any_address())

    await sign_in(owner, "ann")
    await sign_in(client, ADMIN_LOGIN)
    assert await ask(client, "POST /auth/token", guess("ann", PASSWORD)) == 429


async def test_right_passwords_are_not_limited(client: ApiClient) -> None:
    """9: thirty at once all succeed, and give no wrong one back."""
    few = await try_all(client, *repeat(guess(ADMIN_LOGIN), 9))
    done = await try_all(client, *repeat(guess(ADMIN_LOGIN, PASSWORD), SIGN_INS))
    more = [await ask(client, "POST /auth/login", guess(ADMIN_LOGIN)) for _ in "12"]

    assert (few, done) == ({401: 9}, {200: SIGN_INS})
    assert more == [401, 429]


async def test_case_of_letters_opens_no_second_counter(client: ApiClient) -> None:
    """9: neither do capitals, nor letters that PostgreSQL takes for the same."""
    logins = ["admin", "ADMIN", "Admin", "aDMIN", "adm\u0131n", "ADM\u0130N"]
    done = await try_all(client, *(guess(login) for login in logins * 5))
    strange = await ask(client, "POST /auth/login", guess("adm\u0130n", PASSWORD))

    assert done[429] >= len(logins) * 5 - 2 * 10
    assert strange == 401


async def test_every_way_to_ask_for_the_password_counts(
    admin: ApiClient,
    settings: Settings,
) -> None:
    """9, 43: a stolen session does not allow more guesses than the form."""
    me = (await read(admin, "/auth/me"))["user"]
    change = {"current_password": "wrong", "new_password": "another horse battery"}
    mail = {"current_password": "wrong", "email": "new@example.com"}
    tries = [
        await ask(admin, "POST /auth/password", change),
        await ask(admin, f"PATCH /users/{me['id']}", mail),
    ]
    done = await try_all(admin, *repeat(guess(ADMIN_LOGIN), GUESSES))

    assert tries == [422, 422]
    assert done[401] == settings.login_attempts - 2
    assert await ask(admin, "POST /auth/password", change) == 429


@pytest.mark.parametrize(
    "login",
    ["nobody", "idle", "", "\u2603" * 500, "a\nb", "' OR 1=1 --", "x" * 4000],
)
async def test_refusals_tell_nothing(
    admin: ApiClient,
    client: ApiClient,
    login: str,
) -> None:
    """11: unknown, disabled and strange logins get what a wrong password gets."""
    await make_user(admin, "idle", is_active=False)
    known = await refusal(client, "POST /auth/login", guess(ADMIN_LOGIN))
    other = await refusal(client, "POST /auth/login", guess(login, PASSWORD))
    ids = known.pop("request_id"), other.pop("request_id")

    assert other == known
    assert ids[0] != ids[1]
    assert known["code"] == "invalid-credentials"
