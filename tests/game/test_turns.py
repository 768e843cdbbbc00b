"""Emails that wait for their turn: the provider has not been asked, and is fine."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from secrets import randbelow
from typing import Any, Final

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.app import create_app
from prilavok.assembly.services import open_services
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.services.container import Services
from prilavok.settings import Settings
from tests.api.people import ApiClient, any_address, browser, serve
from tests.esp.modes import Mode
from tests.esp.server import EspServer
from tests.game.playing import PENDING, told

ANN: Final = "ann@example.com"
# Each budget is a counter of its own, so that no test spends that of another.
BUDGETS: Final = count(10 + randbelow(300))
WAITING: Final = text(
    "SELECT xmin::text, esp_due_at, esp_attempts, esp_error FROM players"
    " WHERE esp_state = 'pending' ORDER BY email",
)
LONG_AGO: Final = text(
    "UPDATE players SET esp_due_at = now() - interval '5 minutes'"
    " WHERE esp_state = 'pending'",
)


async def waiting(engine: AsyncEngine) -> list[Any]:
    """Read what the outbox holds; ``xmin`` tells whether a row was written."""
    async with engine.connect() as connection:
        return list(await connection.execute(WAITING))


async def wait_long(engine: AsyncEngine) -> None:
    """Let five minutes pass since all was due."""
    async with engine.begin() as connection:
        await connection.execute(LONG_AGO)


async def leave_three_waiting(
    client: ApiClient,
    esp: EspServer,
    engine: AsyncEngine,
) -> None:
    """Let a provider that fails for a while leave three emails in the outbox."""
    esp.turn(Mode.FAILS)
    for name in "abc":
        await told(client, f"{name}@example.com")
    esp.turn(Mode.OK)
    await wait_long(engine)


async def spend(services: Services, calls: int) -> None:
    """Spend so many calls of this minute."""
    for _ in range(calls):
        assert await services.deliveries.gate.budget.take()


@pytest.fixture
def narrow(settings: Settings, valkey: ValkeyUrls) -> Settings:
    """Settings of a worker and a budget of few calls, none of them spent."""
    calls = next(BUDGETS)
    return replace(settings, redis_url=valkey.worker, esp_calls_per_minute=calls)


@pytest.fixture
async def frugal(
    narrow: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
) -> AsyncIterator[Services]:
    """Open a worker's services whose budget is spent."""
    async with open_services(narrow, hasher) as opened:
        await spend(opened, narrow.esp_calls_per_minute)
        yield opened


async def test_spent_budget_leaves_the_outbox_in_peace(
    client: ApiClient,
    esp: EspServer,
    frugal: Services,
    owner_engine: AsyncEngine,
) -> None:
    """29: a worker writes nothing before the minute is over, and asks nobody."""
    await leave_three_waiting(client, esp, owner_engine)
    before, asked = await waiting(owner_engine), esp.calls
    await frugal.deliveries.deliver_due(0.3)

    assert len(before) == 3
    assert await waiting(owner_engine) == before
    assert esp.calls == asked


async def test_spent_budget_is_told_to_the_operator(
    client: ApiClient,
    esp: EspServer,
    frugal: Services,
    owner_engine: AsyncEngine,
) -> None:
    """Although workers look at the outbox all the time."""
    esp.turn(Mode.FAILS)
    await told(client, ANN)
    await wait_long(owner_engine)
    await frugal.deliveries.deliver_due(0.3)
    state = await frugal.deliveries.state()

    assert (state.pending, state.overdue_seconds >= 300) == (1, True)
    assert "budget of calls" in str(state.trouble)


async def test_who_is_refused_his_turn_is_as_due_as_before(
    client: ApiClient,
    esp: EspServer,
    narrow: Settings,
    hasher: PasswordHasher,
    owner_engine: AsyncEngine,
) -> None:
    """Of three the budget allows one: of the others attempts and reason stay, too."""
    await leave_three_waiting(client, esp, owner_engine)
    before = [row[1:] for row in await waiting(owner_engine)]
    async with open_services(narrow, hasher) as worker:
        await spend(worker, narrow.esp_calls_per_minute - 1)
        done = await worker.deliveries.deliver_due(0.3)
    after = [row[1:] for row in await waiting(owner_engine)]

    assert (done.settled, done.pending) == (1, 2)
    assert set(after) <= set(before)


async def test_play_beyond_the_budget_has_not_been_tried(
    narrow: Settings,
    hasher: PasswordHasher,
    esp: EspServer,
    owner_engine: AsyncEngine,
    empty_tables: None,
) -> None:
    """It is due at once, and its first failure will be its first."""
    async with open_services(narrow, hasher) as services:
        await spend(services, narrow.esp_calls_per_minute)
    async with serve(create_app(narrow, hasher)) as server:
        async with browser(server, any_address()) as client:
            answer = await told(client, ANN)
    row = (await waiting(owner_engine))[0]

    assert (answer, esp.calls, row.esp_attempts) == (PENDING, 0, 0)
    assert row.esp_error == "The budget of calls is spent."


async def test_who_comes_while_it_is_left_alone_is_told_why(
    settings: Settings,
    hasher: PasswordHasher,
    esp: EspServer,
    owner_engine: AsyncEngine,
    empty_tables: None,
) -> None:
    """The reason of the failure that began it, in this process or another."""
    wrong = create_app(replace(settings, esp_token="wrong"), hasher)
    for app in (wrong, create_app(settings, hasher)):
        async with serve(app) as server:
            async with browser(server, any_address()) as client:
                await told(client, f"a{esp.calls}@example.com")
                await told(client, f"b{id(app)}@example.com")
    reasons = [row.esp_error for row in await waiting(owner_engine)]

    assert (esp.calls, len(reasons)) == (1, 4)
    assert all("refused our credentials" in reason for reason in reasons)
