"""29: how often one may play, and how often the provider is asked."""

from asyncio import gather
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from secrets import randbelow
from typing import Any

import pytest
from argon2 import PasswordHasher

from prilavok.app import create_app
from prilavok.settings import Settings
from tests.api.people import ApiClient, any_address, browser, serve
from tests.esp.server import EspServer
from tests.game.playing import PLAYS


def odd_number() -> int:
    """Choose a limit that no other test has, and so a counter of its own."""
    return 1000 + randbelow(100_000)


@pytest.fixture
def limited(settings: Settings) -> Settings:
    """Few plays an address, fewer a mail."""
    return replace(settings, plays_per_minute=5, plays_per_minute_per_mail=2)


@asynccontextmanager
async def served(
    settings: Settings,
    hasher: PasswordHasher,
) -> AsyncIterator[ApiClient]:
    """Open a browser at an address of its own, on a service with these settings."""
    async with serve(create_app(settings, hasher)) as server:
        async with browser(server, any_address()) as client:
            yield client


async def attempt(client: ApiClient, email: str, **headers: str) -> Any:
    """Play once; return the response."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return await client.post(PLAYS, json={"email": email}, headers=named)


async def test_address_and_mail_are_limited(
    limited: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
) -> None:
    """429 with Retry-After; X-Forwarded-For of a stranger changes nothing."""
    random = odd_number()
    async with served(limited, hasher) as client:
        mail = f"ann{random}@example.com"
        of_mail = [(await attempt(client, mail)).status for _ in range(3)]
        others = [
            await attempt(
                client, f"b{number}@example.com", X_Forwarded_For=f"9.9.9.{number}"
            )
            for number in range(4)
        ]
        refused = others[-1]
        problem = await refused.json()

    assert of_mail == [201, 200, 429]
    assert [answer.status for answer in others] == [201, 201, 429, 429]
    assert problem["code"] == "too-many-plays"
    assert 0 < int(refused.headers["Retry-After"]) <= 60


async def test_mail_is_limited_whatever_addresses_it_comes_from(
    limited: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
) -> None:
    """And however it is written."""
    random = odd_number()
    statuses = []
    async with serve(create_app(limited, hasher)) as server:
        for spelled in ("ann", "ANN", "Ann"):
            async with browser(server, any_address()) as client:
                answer = await attempt(client, f"{spelled}{random}@example.com")
                statuses.append(answer.status)

    assert statuses == [201, 200, 429]


async def test_crowd_spends_no_more_calls_than_the_budget(
    settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
    esp: EspServer,
) -> None:
    """All plays are counted; beyond the budget mails wait."""
    budget = 7
    settings = replace(settings, esp_calls_per_minute=budget)
    async with served(settings, hasher) as client:
        answers = [
            await (await attempt(client, f"a{number}@example.com")).json()
            for number in range(30)
        ]
    states = Counter(answer["esp_state"] for answer in answers)

    # Another run of this test may have spent part of the minute's budget.
    assert esp.calls <= budget
    assert set(states) <= {"created", "pending"}
    assert states["pending"] >= 30 - budget


async def test_parallel_plays_pass_no_limit(
    limited: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
) -> None:
    """Each is counted before it is decided."""
    async with served(limited, hasher) as client:
        answers = await gather(
            *(attempt(client, f"c{number}@example.com") for number in range(30)),
        )

    assert Counter(answer.status for answer in answers) == {201: 5, 429: 25}
