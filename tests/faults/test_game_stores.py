"""The game goes on while Redis is away. Numbers: docs/security.md."""

from asyncio import gather
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.settings import Settings
from tests.api.people import ApiClient
from tests.esp.server import EspServer
from tests.fault_line import Fault
from tests.fault_proxy import FaultProxy
from tests.faults.lines import through
from tests.game.conftest import game_settings
from tests.game.playing import PLAYS, stored

AWAY = (Fault.REFUSE, Fault.BLACKHOLE, Fault.RESET)
# What one address may do in a minute here.
LIMIT = 40


@pytest.fixture
def settings(
    direct_settings: Settings,
    esp: EspServer,
    postgres_line: FaultProxy,
    redis_line: FaultProxy,
    no_pause: None,
) -> Settings:
    """Lead through lines that can be broken, to a provider that is well."""
    return replace(
        game_settings(direct_settings, esp),
        database_url=through(postgres_line, direct_settings.database_url),
        redis_url=through(redis_line, direct_settings.redis_url),
        plays_per_minute=LIMIT,
    )


async def attempt(client: ApiClient, email: str) -> tuple[int, str | None]:
    """Play once; return status and what is said of the provider."""
    response = await client.post(PLAYS, json={"email": email})
    answer = await response.json(content_type=None)
    return response.status, answer.get("esp_state")


@pytest.mark.parametrize("fault", AWAY)
@pytest.mark.usefixtures("patient_postgres")
async def test_plays_go_on_without_redis(
    client: ApiClient,
    redis_line: FaultProxy,
    owner_engine: AsyncEngine,
    esp: EspServer,
    fault: Fault,
) -> None:
    """8, 9: counted, limited by each process, and nobody asked beyond the budget."""
    await redis_line.inject(fault)
    first = await attempt(client, "ann@shop.example")
    mails = (f"p{number}@shop.example" for number in range(LIMIT))
    plays = await gather(*(attempt(client, mail) for mail in mails))
    statuses = [status for status, _ in plays]

    assert first == (201, "pending")
    assert (statuses.count(201), statuses.count(429)) == (LIMIT - 1, 1)
    assert len(await stored(owner_engine)) == LIMIT
    assert esp.calls == 0


async def test_without_postgresql_nothing_is_acknowledged(
    client: ApiClient,
    postgres_line: FaultProxy,
    owner_engine: AsyncEngine,
) -> None:
    """15: 503, so that whoever plays asks again."""
    await postgres_line.inject(Fault.BLACKHOLE)
    status, _ = await attempt(client, "ann@shop.example")
    await postgres_line.inject(Fault.NONE)

    assert status == 503
    assert await stored(owner_engine) == {}
