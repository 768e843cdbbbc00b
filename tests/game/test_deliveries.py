"""The outbox: what the provider could not be told yet. Numbers: docs/security.md."""

from asyncio import gather, sleep
from dataclasses import replace
from typing import Final

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.assembly.services import open_services
from prilavok.domain.esp import EspMisconfigured, EspOutage, EspRateLimited
from prilavok.services.container import Services
from prilavok.services.game.backoff import pause_after
from prilavok.settings import Settings
from tests.api.people import ApiClient
from tests.esp.modes import Mode
from tests.esp.server import EspServer
from tests.game.playing import (
    CREATED,
    PENDING,
    REJECTED,
    deliver,
    make_due,
    stored,
    told,
)

ANN: Final = "ann@example.com"
TROUBLE: Final = (Mode.FAILS, Mode.HANGS, Mode.GARBAGE, Mode.RESET, Mode.LIMITED)
DUE_IN: Final = text("SELECT extract(epoch FROM esp_due_at - now()) FROM players")


async def due_in(engine: AsyncEngine) -> float:
    """Tell in how many seconds the only player is due."""
    async with engine.connect() as connection:
        return float((await connection.execute(DUE_IN)).scalar_one())


@pytest.mark.parametrize("mode", TROUBLE)
async def test_play_is_counted_whatever_the_provider_does(
    client: ApiClient,
    esp: EspServer,
    services: Services,
    owner_engine: AsyncEngine,
    mode: Mode,
) -> None:
    """6: it is pending, due again within five seconds, and delivered later."""
    esp.turn(mode)
    first = await told(client, ANN)
    due = await due_in(owner_engine)
    esp.turn(Mode.OK)
    await deliver(services, owner_engine)

    assert first == PENDING
    assert due < 5
    assert await told(client, ANN) == ("created", True)
    assert esp.ledger.made == {ANN: 1}


async def test_contact_that_was_made_and_not_acknowledged_is_one(
    client: ApiClient,
    esp: EspServer,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """5: 201, then the connection is gone; asked again, it is known."""
    esp.turn(Mode.LOST)
    first = await told(client, ANN)
    esp.turn(Mode.OK)
    await deliver(services, owner_engine)

    assert (first, esp.ledger.made) == (PENDING, {ANN: 1})
    assert await stored(owner_engine) == {ANN: (1, "known")}


async def test_refusal_for_good_ends_the_attempts(
    client: ApiClient,
    esp: EspServer,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """Also where it comes after an outage."""
    esp.turn(Mode.FAILS)
    await told(client, "ann@blocked.example")
    esp.turn(Mode.OK)
    await deliver(services, owner_engine)
    asked = esp.calls
    await deliver(services, owner_engine)

    assert await told(client, "ann@blocked.example") == REJECTED
    assert esp.calls == asked


@pytest.mark.parametrize("mode", [Mode.LIMITED, Mode.FAILS])
async def test_provider_is_left_alone_as_long_as_it_wants(
    client: ApiClient,
    esp: EspServer,
    services: Services,
    owner_engine: AsyncEngine,
    mode: Mode,
) -> None:
    """6: after 429 or 500 no process asks for anything before Retry-After is over."""
    esp.turn(mode, Retry_After="77")
    await told(client, ANN)
    due = await due_in(owner_engine)
    asked = esp.calls
    esp.turn(Mode.OK)
    others = [await told(client, f"{name}@example.com") for name in "abc"]
    await make_due(owner_engine)
    await services.deliveries.deliver_due(0.2)
    state = await services.deliveries.state()

    assert 70 < due <= 77
    assert set(others) == {PENDING}
    assert (esp.calls, state.breaker, state.pending) == (asked, "open", 4)


async def test_wrong_credentials_lose_nothing_and_are_told(
    settings: Settings,
    hasher: PasswordHasher,
    esp: EspServer,
    client: ApiClient,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """The email waits, health says why, and nobody is asked again at once."""
    esp.turn(Mode.FAILS)
    await told(client, ANN)
    esp.turn(Mode.OK)
    wrong = replace(settings, esp_token="wrong")
    async with open_services(wrong, hasher) as mistaken:
        await deliver(mistaken, owner_engine)
    asked = esp.calls
    await services.deliveries.deliver_due(0.2)
    ready = await (await client.get("/health/ready")).json()
    reported = {part["name"]: part for part in ready["dependencies"]}["email provider"]

    assert (esp.calls, await stored(owner_engine)) == (asked, {ANN: (1, "pending")})
    assert (ready["status"], reported["ok"], reported["needed"]) == (
        "ready",
        False,
        False,
    )
    assert ready["outbox"] == {
        "breaker": "open",
        "pending": 1,
        "overdue_seconds": ready["outbox"]["overdue_seconds"],
    }


async def test_failing_provider_is_spared(client: ApiClient, esp: EspServer) -> None:
    """6: after five failures plays are pending at once, at usual speed."""
    esp.turn(Mode.HANGS)
    await gather(*(told(client, f"a{number}@example.com") for number in range(5)))
    asked = esp.calls
    later = await told(client, ANN)

    assert later == PENDING
    assert (asked, esp.calls) == (5, 5)


async def test_calls_under_way_are_bounded(client: ApiClient, esp: EspServer) -> None:
    """7: a crowd of first plays does not become a crowd of calls."""
    esp.turn(Mode.HANGS)
    await gather(*(told(client, f"a{number}@example.com") for number in range(100)))

    assert esp.calls <= 20


async def test_two_workers_never_deliver_the_same(
    client: ApiClient,
    settings: Settings,
    hasher: PasswordHasher,
    esp: EspServer,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """Each email is asked for once, although both work at the same time."""
    esp.turn(Mode.RESET)
    await gather(*(told(client, f"a{number}@example.com") for number in range(60)))
    esp.turn(Mode.OK)
    await services.deliveries.gate.reopen()
    await make_due(owner_engine)
    asked = esp.calls
    async with open_services(settings, hasher) as other:
        await gather(
            services.deliveries.deliver_due(3),
            other.deliveries.deliver_due(3),
        )

    assert esp.calls - asked == 60
    assert {state for _, state in (await stored(owner_engine)).values()} == {"created"}
    assert set(esp.ledger.made.values()) == {1}


async def test_what_a_killed_worker_held_is_delivered_by_another(
    client: ApiClient,
    esp: EspServer,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """5: while a lease lasts nobody touches it, and then anybody."""
    esp.turn(Mode.RESET)
    await told(client, ANN)
    esp.turn(Mode.OK)
    await services.deliveries.gate.reopen()
    async with owner_engine.begin() as connection:
        await connection.execute(
            text(
                "UPDATE players SET esp_due_at = now(),"
                " esp_leased_until = now() + interval '0.6 seconds'",
            ),
        )
    asked = esp.calls
    await services.deliveries.deliver_due(0.1)
    untouched = esp.calls
    await sleep(0.6)
    await services.deliveries.deliver_due(1)

    assert (untouched, esp.calls) == (asked, asked + 1)
    assert await stored(owner_engine) == {ANN: (1, "created")}


async def test_parallel_first_plays_make_one_contact(
    client: ApiClient,
    esp: EspServer,
    owner_engine: AsyncEngine,
) -> None:
    """19: exactly one of them is told that it was the first."""
    answers = await gather(*(told(client, ANN) for _ in range(50)))

    assert answers.count(CREATED) == 1
    assert esp.calls == 1
    assert await stored(owner_engine) == {ANN: (50, "created")}


def test_pauses_grow_to_a_minute_and_no_further() -> None:
    """First within five seconds, unless the provider itself says when."""
    outage, limited = EspOutage("down"), EspRateLimited("slow down", 300)
    pauses = [pause_after(attempt, outage).total_seconds() for attempt in range(1, 100)]

    assert pauses[0] < 5
    assert max(pauses) <= 60
    assert pauses[9] > 45
    assert pause_after(1, limited).total_seconds() == 300
    assert pause_after(1, EspOutage("back in", 300)).total_seconds() == 300
    assert pause_after(1, EspOutage("back in", 99_999)).total_seconds() == 3600
    assert pause_after(3, EspMisconfigured("no")).total_seconds() <= 60
