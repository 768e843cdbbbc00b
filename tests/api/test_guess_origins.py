"""From where a guess comes. Numbers: docs/security.md."""

from asyncio import gather
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_network
from typing import Final

import pytest
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from prilavok.app import create_app
from prilavok.settings import Settings
from tests.api.calls import read
from tests.api.people import (
    ADMIN_LOGIN,
    API,
    PASSWORD,
    ApiClient,
    any_address,
    browser,
    serve,
    sign_in,
)

GUESSES: Final = 15
WRONG: Final = {"login": ADMIN_LOGIN, "password": "wrong"}


@pytest.fixture
def proxy() -> str:
    """Choose where our own proxy sits."""
    return any_address()


@pytest.fixture
def settings(settings: Settings, proxy: str) -> Settings:
    """Trust one proxy; allow an address few guesses over all accounts."""
    trusted = (ip_network(proxy), ip_network("10.0.0.0/8"))
    return replace(settings, trusted_proxies=trusted, login_attempts_per_address=12)


async def guess_from(client: ApiClient, forwarded: Iterable[str]) -> Counter[int]:
    """Guess once with each of these headers."""
    answers = [
        await client.post(
            f"{API}/auth/login",
            json=WRONG,
            headers={"X-Forwarded-For": header},
        )
        for header in forwarded
    ]
    return Counter(answer.status for answer in answers)


async def test_stranger_cannot_forge_his_address(server: TestServer) -> None:
    """9, 37: without our proxy the header is just text."""
    async with browser(server, any_address()) as stranger:
        done = await guess_from(
            stranger,
            (f"203.0.113.{number}" for number in range(GUESSES)),
        )

    assert done == {401: 10, 429: 5}


async def test_proxy_tells_who_asks(server: TestServer, proxy: str) -> None:
    """37: the last address that is no proxy counts, not what the client put before."""
    async with browser(server, proxy) as behind:
        forged = await guess_from(
            behind,
            (f"198.51.100.{number}, 203.0.113.77" for number in range(GUESSES)),
        )
        hops = await guess_from(behind, ["203.0.113.77, 10.1.2.3", "203.0.113.78"])
        headers = {"X-Forwarded-For": "2001:db8::7", "X-Request-Id": "given-by-proxy"}
        answer = await behind.post(
            f"{API}/auth/login",
            json=WRONG | {"password": PASSWORD},
            headers=headers,
        )
        sessions = await read(behind, "/auth/sessions")

    assert forged == {401: 10, 429: 5}
    assert hops == {429: 1, 401: 1}
    assert answer.headers["X-Request-Id"] == "given-by-proxy"
    assert [it["address"] for it in sessions["items"] if it["current"]] == [
        "2001:db8::7",
    ]


async def test_network_of_one_subscriber_is_one_address(
    server: TestServer,
    proxy: str,
) -> None:
    """9: an IPv6 client cannot change within its /64 to guess on."""
    async with browser(server, proxy) as behind:
        one = [f"2001:db8:5:6::{number:x}" for number in range(GUESSES)]
        many = [f"2001:db8:5:{number:x}::1" for number in range(0x10, 0x13)]
        within = await guess_from(behind, one)
        beyond = await guess_from(behind, many)

    assert within == {401: 10, 429: 5}
    assert beyond == {401: 3}


async def test_address_is_limited_over_all_accounts(server: TestServer) -> None:
    """9: spraying one password over many accounts ends, sent at once, too."""
    async with browser(server, any_address()) as stranger:
        answers = await gather(
            *(
                stranger.post(f"{API}/auth/login", json=WRONG | {"login": f"u{number}"})
                for number in range(3 * GUESSES)
            ),
        )

    assert Counter(answer.status for answer in answers) == {401: 12, 429: 33}


async def test_guesses_are_limited_over_all_processes(
    server: TestServer,
    settings: Settings,
    hasher: PasswordHasher,
) -> None:
    """9: two services share the count, and right passwords wait for each other."""
    address = any_address()
    async with serve(create_app(settings, hasher)) as second:
        async with browser(server, address) as one, browser(second, address) as two:
            await gather(
                *(sign_in(client, ADMIN_LOGIN) for client in (one, two) * GUESSES),
            )
            done = await gather(guess_from(one, "." * 9), guess_from(two, "." * 9))

    assert sum(done, Counter()) == {401: 10, 429: 8}
