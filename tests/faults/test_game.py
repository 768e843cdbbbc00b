"""The promo game under everything that can go wrong. Numbers: docs/security.md."""

from asyncio import create_task, gather, sleep, timeout
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, cycle
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.settings import Settings
from tests.esp.modes import Mode
from tests.esp.server import EspServer
from tests.fault_line import Fault
from tests.fault_proxy import FaultProxy
from tests.faults.game_processes import GameProcesses, playing
from tests.faults.ledger import PlayLedger
from tests.faults.lines import target_of, through
from tests.faults.servers import open_valkey
from tests.game.playing import PLAYS, stored

pytestmark = pytest.mark.scenario
CLIENTS: Final = 40
MODES: Final = (
    Mode.OK,
    Mode.FAILS,
    Mode.OK,
    Mode.LIMITED,
    Mode.OK,
    Mode.HANGS,
    Mode.OK,
    Mode.GARBAGE,
    Mode.RESET,
    Mode.OK,
    Mode.LOST,
)
MODE_SECONDS: Final = 0.4
# What issue 5 promises after the provider's recovery.
RECOVERY_SECONDS: Final = 120
POLL_SECONDS: Final = 0.2


async def misbehave(esp: EspServer) -> None:
    """Go through all moods, over and over."""
    for mode in cycle(MODES):
        headers = {"Retry_After": "1"} if mode is Mode.LIMITED else {}
        esp.turn(mode, **headers)
        await sleep(MODE_SECONDS)


async def until(ledger: PlayLedger, share: float, total: int) -> None:
    """Wait until such a share of all plays is acknowledged."""
    while ledger.acknowledged.total() < share * total:
        await sleep(POLL_SECONDS / 4)


@contextmanager
def another_redis(line: FaultProxy, folder: Path) -> Iterator[str]:
    """Start an empty one and lead the line there."""
    with open_valkey(folder) as url:
        line.target = target_of(url)
        yield url


@pytest.mark.parametrize(
    ("total", "mails"),
    [(400, 80), pytest.param(20_000, 4_000, marks=pytest.mark.slow)],
)
async def test_every_acknowledged_play_is_stored_and_every_mail_one_contact(
    players_settings: Settings,
    esp: EspServer,
    empty_tables: None,
    owner_engine: AsyncEngine,
    tmp_path: Path,
    total: int,
    mails: int,
) -> None:
    """5, 6, 10: processes killed, Redis emptied, a provider in every mood."""
    with open_valkey(tmp_path / "first") as url:
        async with FaultProxy(target_of(url)) as line:
            led = through(line, url)
            settings = replace(players_settings, redis_url=led, worker_redis_url=led)
            with playing(settings, tmp_path, web=2, workers=1) as processes:
                ledger = PlayLedger(processes.url, total, mails)
                await _play_through_it_all(ledger, processes, line, esp, tmp_path)
    found = await stored(owner_engine)
    accepted = {mail for mail in ledger.acknowledged if "@blocked" not in mail}

    assert {mail: plays for mail, (plays, _) in found.items()} == ledger.acknowledged
    assert ledger.acknowledged.total() == total
    assert set(ledger.firsts.values()) == {1}
    assert dict(esp.ledger.made) == dict.fromkeys(accepted, 1)
    assert {found[mail][1] for mail in accepted} <= {"known", "created"}
    assert {found[mail][1] for mail in found.keys() - accepted} == {"rejected"}


async def _play_through_it_all(
    ledger: PlayLedger,
    processes: GameProcesses,
    line: FaultProxy,
    esp: EspServer,
    folder: Path,
) -> None:
    total, emails = ledger.plays, ledger.emails()
    moods = create_task(misbehave(esp))
    crowd = gather(*(ledger.play_on(emails) for _ in range(CLIENTS)))
    await until(ledger, 0.2, total)
    processes.kill_web()
    await until(ledger, 0.4, total)
    await line.inject(Fault.RESET)
    with another_redis(line, folder / "second"):
        await line.inject(Fault.NONE)
        await _kill_more(ledger, processes, total)
        await crowd
        moods.cancel()
        # Workers need this Redis, so it stays until they have done their work.
        await _recover(processes, esp)


async def _kill_more(ledger: PlayLedger, processes: GameProcesses, total: int) -> None:
    await until(ledger, 0.6, total)
    processes.kill_worker()
    await until(ledger, 0.8, total)
    processes.kill_web()


async def _recover(processes: GameProcesses, esp: EspServer) -> None:
    """Be well, and wait as long as nothing may be pending after that."""
    esp.turn(Mode.OK)
    async with ClientSession() as session, timeout(RECOVERY_SECONDS):
        while await _pending(session, processes.url):
            await sleep(POLL_SECONDS)


async def _pending(session: ClientSession, url: str) -> bool:
    async with session.get(f"{url}/health/ready") as response:
        ready = await response.json()
    return ready["outbox"] is None or ready["outbox"]["pending"] > 0


async def play_ten(session: ClientSession, url: str) -> list[int]:
    """Play ten times with one mail; return which plays these were."""
    told = []
    for _ in range(10):
        async with session.post(url, json={"email": "ann@shop.example"}) as answer:
            assert answer.ok, await answer.text()
            told.append((await answer.json())["plays"])
    return told


async def test_thousand_parallel_plays_of_one_mail_count_a_thousand(
    players_settings: Settings,
    esp: EspServer,
    empty_tables: None,
    owner_engine: AsyncEngine,
    tmp_path: Path,
) -> None:
    """19: over two processes, a hundred at a time, and one contact."""
    with playing(players_settings, tmp_path, web=2, workers=0) as processes:
        async with ClientSession() as session:
            url = f"{processes.url}{PLAYS}"
            told = await gather(*(play_ten(session, url) for _ in range(100)))

    assert sorted(chain.from_iterable(told)) == list(range(1, 1001))
    assert await stored(owner_engine) == {"ann@shop.example": (1000, "created")}
    assert esp.ledger.made == {"ann@shop.example": 1}
