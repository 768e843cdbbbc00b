"""The service starts before its stores. Numbers: docs/security.md."""

import asyncio

import pytest
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from prilavok.app import create_app
from prilavok.settings import Settings
from tests.api.people import browser
from tests.fault_line import Fault
from tests.fault_proxy import FaultProxy
from tests.faults.lines import LIVE, LOGIN, READY, ask, seconds_until


@pytest.mark.parametrize("fault", [Fault.REFUSE, Fault.BLACKHOLE])
async def test_service_waits_for_its_stores(
    settings: Settings,
    hasher: PasswordHasher,
    postgres_line: FaultProxy,
    redis_line: FaultProxy,
    fault: Fault,
) -> None:
    """30: started first it lives, is not ready, and becomes so by itself."""
    lines = (postgres_line, redis_line)
    await asyncio.gather(*(line.inject(fault) for line in lines))
    server = TestServer(create_app(settings, hasher))
    async with server, browser(server) as client:
        live, ready = await ask(client, *LIVE), await ask(client, *READY)
        await asyncio.gather(*(line.inject(Fault.NONE) for line in lines))
        await seconds_until(client, READY, 4)
        login = await ask(client, *LOGIN)

    parts = {part["name"]: part["ok"] for part in ready.document["dependencies"]}
    assert (live.status, ready.status, login.status) == (200, 503, 200)
    assert parts == dict.fromkeys(parts, False)
    assert len(parts) == 6


async def test_waiting_service_stops_when_told(
    settings: Settings,
    hasher: PasswordHasher,
    postgres_line: FaultProxy,
) -> None:
    """30: nothing of it is left to wait on."""
    before = len(asyncio.all_tasks())
    await postgres_line.inject(Fault.REFUSE)
    async with TestServer(create_app(settings, hasher)):
        while_waiting = len(asyncio.all_tasks())

    assert while_waiting > before
    assert len(asyncio.all_tasks()) == before
