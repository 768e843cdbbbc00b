"""How long sessions last, with limits of seconds. Numbers: docs/security.md."""

from asyncio import gather, sleep
from dataclasses import replace
from time import monotonic
from typing import Final

import pytest

from prilavok.settings import Settings
from tests.api.calls import ask
from tests.api.conftest import OpenBrowser
from tests.api.devices import are_in, current, end
from tests.api.people import ADMIN_LOGIN, ApiClient, use_token

# Far enough from each other, and from what is done at once, for a machine that stalls.
IDLE_SECONDS: Final = 2.5
# For a test that is not about ending: a slow machine must not end its sessions.
PATIENT_SECONDS: Final = 4.5
USED_SECONDS: Final = 4.0
ABSOLUTE_SECONDS: Final = 6.5
PAUSE: Final = 0.2
ROUNDS: Final = 20
IN_FLIGHT: Final = 10


@pytest.fixture
def idle_seconds() -> float:
    """Say how long a session lasts that nobody uses."""
    return IDLE_SECONDS


@pytest.fixture
def settings(settings: Settings, idle_seconds: float) -> Settings:
    """Let sessions end within seconds; their use is noted sixty times as often."""
    return replace(
        settings,
        session_idle_minutes=idle_seconds / 60,
        session_absolute_hours=ABSOLUTE_SECONDS / 3600,
        token_minutes=idle_seconds / 60,
    )


async def test_session_lasts_while_it_is_used_and_no_longer(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """17: reading keeps it past the idle limit, never past the absolute one."""
    started = monotonic()
    idle = await open_browser(ADMIN_LOGIN)
    program = await open_browser()
    await use_token(program, ADMIN_LOGIN)
    while monotonic() < started + USED_SECONDS:
        assert await are_in(admin) == [200]
        await sleep(PAUSE)
    assert await are_in(idle, program) == [401, 401]
    while await are_in(admin) == [200]:
        assert monotonic() < started + 2 * ABSOLUTE_SECONDS
        await sleep(PAUSE)
    assert monotonic() >= started + ABSOLUTE_SECONDS - 1


@pytest.mark.parametrize("idle_seconds", [PATIENT_SECONDS])
async def test_noted_use_does_not_bring_a_session_back(
    admin: ApiClient,
    open_browser: OpenBrowser,
    idle_seconds: float,
) -> None:
    """6: requests in flight write to a session that ends meanwhile, 20 rounds of 10."""
    boss = await open_browser()
    for _ in range(ROUNDS):
        await use_token(boss, ADMIN_LOGIN)
        other = await open_browser(ADMIN_LOGIN)
        session_id = await current(other)
        await sleep(idle_seconds / 50)
        requests = [ask(other, "GET /auth/me") for _ in range(IN_FLIGHT)]
        requests.insert(IN_FLIGHT // 2, end(boss, session_id))
        assert (await gather(*requests))[IN_FLIGHT // 2] == 204
        assert await are_in(other) == [401]
