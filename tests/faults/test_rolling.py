"""Instances come and go under load. Numbers: docs/security.md."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from signal import SIGHUP, SIGKILL, SIGTERM
from time import monotonic
from typing import Final

import pytest
from aiohttp import ClientConnectorError, ClientError, ClientSession, TCPConnector

from prilavok.settings import Settings
from tests.api import conftest as api
from tests.faults.instances import HOST, Process, free_port, serving, workers_of

pytestmark = pytest.mark.slow
settings = api.settings
CLIENTS: Final = 30
STOP_SECONDS: Final = 30


class Load:
    """Clients that post on keep-alive connections until told to stop.

    Like a proxy they try the next instance when one does not accept connections; any
    other failure is a request lost.
    """

    def __init__(self, ports: Sequence[int]) -> None:
        """Aim at these instances."""
        self.seen: Counter[str] = Counter()
        self._ports = ports
        self._over = asyncio.Event()

    async def __aenter__(self) -> "Load":
        """Start all clients."""
        self._clients = [asyncio.create_task(self._post_on()) for _ in range(CLIENTS)]
        return self

    async def __aexit__(self, *error: object) -> None:
        """Let the clients finish."""
        self._over.set()
        await asyncio.gather(*self._clients)

    async def _post_on(self) -> None:
        # A connector of its own: one connection a client, kept alive.
        async with ClientSession(connector=TCPConnector(limit=1)) as session:
            while not self._over.is_set():
                self.seen[await self._post(session)] += 1

    async def _post(self, session: ClientSession) -> str:
        for port in self._ports:
            try:
                async with session.post(f"http://{HOST}:{port}/health") as response:
                    await response.read()
                    return str(response.status)
            except ClientConnectorError:
                continue
            except ClientError as error:
                return repr(error)
        return "nobody listens"


async def stop(process: Process) -> float:
    """Ask an instance to stop; tell after how many seconds it had."""
    started = monotonic()
    process.send_signal(SIGTERM)
    await asyncio.to_thread(process.wait, STOP_SECONDS)
    return monotonic() - started


async def replaced(process: Process, old: Sequence[int], count: int) -> float:
    """Wait until so many workers are there, none of them old; tell how long."""
    started = monotonic()
    while True:
        workers = workers_of(process)
        if len(workers) == count and not set(workers) & set(old):
            return monotonic() - started
        assert monotonic() - started < STOP_SECONDS
        await asyncio.sleep(0.02)


async def test_rolling_restart_loses_nothing(
    settings: Settings,
    empty_tables: None,
    tmp_path: Path,
) -> None:
    """22: two instances are told to stop one after the other, and come back."""
    ports = [free_port(), free_port()]
    with ExitStack() as stack:
        first = stack.enter_context(serving(settings, ports[0], tmp_path))
        second = stack.enter_context(serving(settings, ports[1], tmp_path))
        async with Load(ports) as load:
            await asyncio.sleep(1)
            took = [await stop(first)]
            again = serving(settings, ports[0], tmp_path)
            await asyncio.to_thread(stack.enter_context, again)
            took.append(await stop(second))

    assert set(load.seen) == {"200"}
    assert load.seen["200"] > 1000
    assert max(took) < 10


async def test_new_workers_replace_old_ones_without_loss(
    settings: Settings,
    empty_tables: None,
    tmp_path: Path,
) -> None:
    """22: SIGHUP, as a reload sends it, with two workers on one port."""
    port = free_port()
    with serving(settings, port, tmp_path, workers=2) as process:
        await replaced(process, (), 2)
        async with Load([port]) as load:
            await asyncio.sleep(1)
            old = workers_of(process)
            process.send_signal(SIGHUP)
            await replaced(process, old, 2)
            await asyncio.sleep(1)
        await stop(process)

    assert set(load.seen) == {"200"}
    assert load.seen["200"] > 1000


async def test_killed_worker_is_back_soon(
    settings: Settings,
    empty_tables: None,
    tmp_path: Path,
) -> None:
    """23: only what it was working on fails; the other goes on meanwhile."""
    port = free_port()
    with serving(settings, port, tmp_path, workers=2) as process:
        await replaced(process, (), 2)
        load = Load([port])
        async with load:
            await asyncio.sleep(0.5)
            victim = workers_of(process)[0]
            os.kill(victim, SIGKILL)
            took = await replaced(process, [victim], 2)
            await asyncio.sleep(0.5)
        await stop(process)

    failed = load.seen.total() - load.seen["200"]
    assert took < 2
    assert failed <= CLIENTS
