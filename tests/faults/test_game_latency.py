"""7: a provider that hangs makes nobody else wait."""

from asyncio import Event, create_task, gather, sleep
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import quantiles
from time import monotonic
from typing import Final

import pytest
from aiohttp import ClientSession, CookieJar

from prilavok.settings import Settings
from tests.api.people import ADMIN_LOGIN, API, PASSWORD
from tests.esp.modes import Mode
from tests.esp.server import EspServer
from tests.faults.game_processes import playing
from tests.game.playing import PLAYS

pytestmark = pytest.mark.slow
PLAYS_A_SECOND: Final = 50
ASKED: Final = 120
CREDENTIALS: Final = {"login": ADMIN_LOGIN, "password": PASSWORD}
PAUSE_SECONDS: Final = 0.02
WARM_UP: Final = 10
# What a machine that others use may add by chance.
NOISE_SECONDS: Final = 0.05


async def play(session: ClientSession, url: str, number: int) -> None:
    """Play for the first time."""
    body = {"email": f"player{number}@shop.example"}
    async with session.post(f"{url}{PLAYS}", json=body) as response:
        assert response.ok, await response.text()


async def play_on(url: str, numbers: Iterator[int], over: Event) -> None:
    """Play at a steady rate, whatever the answers take."""
    async with ClientSession() as session:
        under_way = set()
        while not over.is_set():
            under_way.add(create_task(play(session, url, next(numbers))))
            await sleep(1 / PLAYS_A_SECOND)
        await gather(*under_way)


async def ask(session: ClientSession, url: str) -> float:
    """Sign in and read something; tell how long that took."""
    started = monotonic()
    login = f"{url}{API}/auth/login"
    async with session.post(login, json=CREDENTIALS) as signed:
        assert signed.ok, await signed.text()
    async with session.get(f"{url}{API}/users") as read:
        assert read.ok, await read.text()
    return monotonic() - started


async def slowest(url: str, numbers: Iterator[int], asked: int = ASKED) -> float:
    """Tell the 99th percentile of others' requests while many play."""
    over = Event()
    players = create_task(play_on(url, numbers, over))
    taken = []
    # Of a number, not a name, cookies are kept only when told so.
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        for _ in range(asked):
            taken.append(await ask(session, url))
            await sleep(PAUSE_SECONDS)
    over.set()
    await players
    return quantiles(taken, n=100)[-1]


async def test_others_do_not_notice_that_the_provider_hangs(
    players_settings: Settings,
    esp: EspServer,
    empty_tables: None,
    tmp_path: Path,
) -> None:
    """The 99th percentile stays within twice its quiet value."""
    numbers = count()
    with playing(players_settings, tmp_path, web=1, workers=1) as processes:
        await slowest(processes.url, numbers, WARM_UP)
        quiet = await slowest(processes.url, numbers)
        esp.turn(Mode.HANGS)
        hanging = await slowest(processes.url, numbers)

    assert hanging < 2 * quiet + NOISE_SECONDS, (quiet, hanging)
