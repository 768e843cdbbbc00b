"""The cookie and what stands behind it in Redis. Numbers: docs/security.md."""

from dataclasses import replace
from http.cookies import Morsel, SimpleCookie
from typing import Any, Final

import pytest
from aiohttp import ClientSession
from argon2 import PasswordHasher
from redis.asyncio import Redis

from prilavok.app import create_app
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.settings import Settings
from tests.api.calls import ask, refusal
from tests.api.conftest import OpenBrowser
from tests.api.devices import current, ticket
from tests.api.people import (
    ADMIN_LOGIN,
    API,
    PASSWORD,
    ApiClient,
    browser,
    serve,
    sign_in,
)

CREDENTIALS: Final = {"login": ADMIN_LOGIN, "password": PASSWORD}
SESSION: Final = "prilavok:session:{}"
RIGHT_NAME: Final = (
    ("http://127.0.0.1:8080", "prilavok_session", ""),
    ("https://shop.example", "__Host-prilavok_session", True),
)


@pytest.mark.parametrize(("public_url", "name", "is_secure"), RIGHT_NAME)
async def test_cookie_is_guarded(
    settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
    public_url: str,
    name: str,
    is_secure: object,
) -> None:
    """15: HttpOnly, SameSite and no Domain; under https Secure and ``__Host-``."""
    cookie = await given_cookie(replace(settings, public_url=public_url), hasher, name)

    assert cookie["httponly"] is True
    assert (cookie["samesite"], cookie["path"]) == ("Lax", "/")
    assert cookie["secure"] == is_secure
    assert not any(cookie[it] for it in ("domain", "max-age", "expires"))


async def given_cookie(
    settings: Settings,
    hasher: PasswordHasher,
    name: str,
) -> Morsel[str]:
    """Sign in where these settings hold, and look at the cookie."""
    served = create_app(settings, hasher)
    async with serve(served) as server, browser(server) as client:
        answer = await client.post(f"{API}/auth/login", json=CREDENTIALS)
    return SimpleCookie(answer.headers["Set-Cookie"])[name]


async def test_sign_out_clears_the_cookie(admin: ApiClient) -> None:
    """5: the browser forgets it, too."""
    answer = await admin.post(f"{API}/auth/logout")

    assert 'prilavok_session=""' in answer.headers["Set-Cookie"]
    assert "Max-Age=0" in answer.headers["Set-Cookie"]


async def test_redis_holds_no_usable_ticket(
    admin: ApiClient,
    valkey: ValkeyUrls,
) -> None:
    """16: at least 128 random bits, of which Redis keeps a hash."""
    secret = ticket(admin).partition(".")[2]
    redis = Redis.from_url(valkey.service)
    record: Any = await redis.hgetall(SESSION.format(await current(admin)))
    await redis.aclose()
    kept = b" ".join(record.values()).decode()

    assert len(secret) >= 43
    assert secret not in kept
    for stolen in (*kept.split(), ""):
        assert await use_secret(admin, stolen) == 401


async def use_secret(client: ApiClient, secret: str) -> int:
    """Show the id of a living session with another secret."""
    session_id = ticket(client).partition(".")[0]
    cookies = {"prilavok_session": f"{session_id}.{secret}"}
    async with ClientSession(cookies=cookies) as stranger:
        answer = await stranger.get(client.make_url(f"{API}/auth/me"))
    return answer.status


@pytest.mark.parametrize("secret", ["\udcff\udcfe", "\u2603", "x" * 4000, "a.b", ";"])
async def test_strange_secrets_are_worth_nothing(
    admin: ApiClient,
    open_browser: OpenBrowser,
    secret: str,
) -> None:
    """16, 22: also behind the id of a living session, which lists show."""
    stranger = await open_browser()
    session_id = await current(admin)
    cookie = f"prilavok_session={session_id}.{secret}"
    raw = cookie.encode("utf-8", "surrogateescape").decode("latin-1")
    problem = await refusal(stranger, "GET /auth/me", headers={"Cookie": raw})

    assert problem["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_other_sites_write_nothing(
    admin: ApiClient,
    headers: dict[str, str],
) -> None:
    """19: neither as the signed-in user, nor by signing him in as another."""
    lines = ("POST /auth/logout", "DELETE /auth/sessions", "POST /auth/login")
    codes = [
        (await refusal(admin, line, CREDENTIALS, headers))["code"] for line in lines
    ]

    assert set(codes) == {"cross-site"}
    assert await ask(admin, "GET /auth/me") == 200


async def test_pages_of_our_own_write(admin: ApiClient) -> None:
    """19: the same origin, and programs that tell none."""
    for origin in (str(admin.make_url("/").origin()), "http://127.0.0.1:8080"):
        admin.session.headers["Origin"] = origin
        await sign_in(admin, ADMIN_LOGIN)
        assert await ask(admin, "DELETE /auth/sessions") == 204
