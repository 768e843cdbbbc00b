"""Bearer tokens. Numbers: docs/security.md."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from prilavok.app import create_app
from prilavok.settings import Settings
from tests.api.calls import ask, read, refusal
from tests.api.conftest import OpenBrowser
from tests.api.devices import are_in, current, end
from tests.api.people import (
    ADMIN_LOGIN,
    ApiClient,
    browser,
    make_user,
    serve,
    use_token,
)

OLD_KEY: Final = "a key that only tests are signed with"
NEW_KEY: Final = "a newer key that only tests are signed with"
ALGORITHM: Final = "HS256"


async def test_token_dies_with_its_session(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """18: it is listed, ended from elsewhere, and ends itself by signing out."""
    one, two = await open_browser(), await open_browser()
    for program in (one, two):
        await use_token(program, ADMIN_LOGIN)
    kinds = [it["kind"] for it in (await read(admin, "/auth/sessions"))["items"]]

    assert sorted(kinds) == ["cookie", "token", "token"]
    assert await end(admin, await current(one)) == 204
    assert await ask(two, "POST /auth/logout") == 204
    assert await are_in(one, two, admin) == [401, 401, 200]


async def test_token_wins_over_the_cookie(admin: ApiClient) -> None:
    """Where both come, the token says who asks; a dead one is no way round."""
    await make_user(admin, "ann")
    admin.session.headers["Origin"] = "https://elsewhere.example"
    await use_anns_token(admin)
    me = await read(admin, "/auth/me")
    signed_out = await ask(admin, "POST /auth/logout")

    assert me["user"]["login"] == "ann"
    assert (signed_out, await are_in(admin)) == (204, [401])


async def use_anns_token(client: ApiClient) -> None:
    """Carry a token beside the cookie."""
    origin = client.session.headers.pop("Origin")
    await use_token(client, "ann")
    client.session.headers["Origin"] = origin


async def test_ticket_and_token_are_not_interchangeable(admin: ApiClient) -> None:
    """A cookie's session serves no token, and the other way round."""
    me = await read(admin, "/auth/me")
    forged = sign({"sub": me["user"]["id"], "sid": await current(admin)})
    admin.session.headers["Authorization"] = f"Bearer {forged}"

    assert await are_in(admin) == [401]


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize(
    ("claims", "key", "algorithm"),
    [
        ({}, NEW_KEY, ALGORITHM),
        ({}, "", "none"),
        ({}, OLD_KEY, "HS512"),
        ({"iss": "somebody else"}, OLD_KEY, ALGORITHM),
        ({"exp": datetime(2020, 1, 1, tzinfo=UTC)}, OLD_KEY, ALGORITHM),
        ({"sid": "no id"}, OLD_KEY, ALGORITHM),
        ({"sub": str(UUID(int=1))}, OLD_KEY, ALGORITHM),
        ({"sid": str(UUID(int=1))}, OLD_KEY, ALGORITHM),
    ],
)
async def test_altered_tokens_are_worth_nothing(
    client: ApiClient,
    admin: ApiClient,
    claims: dict[str, Any],
    key: str,
    algorithm: str,
) -> None:
    """Other keys, algorithms, issuers, times, and names that do not fit together."""
    genuine = jwt.decode(
        await use_token(client, ADMIN_LOGIN),
        options={"verify_signature": False},
    )
    altered = jwt.encode(genuine | claims, key, algorithm)
    before = await are_in(client)
    client.session.headers["Authorization"] = f"Bearer {altered}"
    problem = await refusal(client, "GET /auth/me")

    assert before == [200]
    assert (problem["status"], problem["code"]) == (401, "unauthenticated")


async def test_keys_can_be_rotated(
    server: TestServer,
    settings: Settings,
    hasher: PasswordHasher,
) -> None:
    """8: the first key signs, all verify, and one taken out ends its tokens."""
    async with browser(server) as client:
        token = await use_token(client, ADMIN_LOGIN)
    added = replace(settings, secret_key=(NEW_KEY, OLD_KEY))
    removed = replace(settings, secret_key=(NEW_KEY,))

    assert await show_token(create_app(added, hasher), token) == [200]
    assert await show_token(create_app(removed, hasher), token) == [401]


async def show_token(app: web.Application, token: str) -> list[int]:
    """Show a token to a service that signs with the new key; return what it says."""
    async with serve(app) as server, browser(server) as client:
        client.session.headers["Authorization"] = f"Bearer {token}"
        statuses = await are_in(client)
        newer = await use_token(client, ADMIN_LOGIN)
    assert jwt.decode(newer, NEW_KEY, [ALGORITHM])["iss"] == "prilavok"
    return statuses


async def test_clock_ahead_of_ours_does_not_matter(client: ApiClient) -> None:
    """Scenario 27: another replica may have signed it a little in our future."""
    token = await use_token(client, ADMIN_LOGIN)
    genuine = jwt.decode(token, options={"verify_signature": False})
    issued = datetime.now(UTC) + timedelta(seconds=30)
    ahead = sign(genuine | {"iat": issued})
    client.session.headers["Authorization"] = f"Bearer {ahead}"

    assert await are_in(client) == [200]


def sign(claims: dict[str, Any]) -> str:
    """Sign like the service."""
    now = datetime.now(UTC)
    common = {"iss": "prilavok", "iat": now, "exp": now + timedelta(hours=1)}
    return jwt.encode(common | claims, OLD_KEY, ALGORITHM)
