"""The whole service on real stores, emptied for every test."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, final

import pytest
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from typing_extensions import override

from prilavok.app import create_app
from prilavok.embedded.postgres import PostgresUrls
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.repositories.esp_budget import PAUSE
from prilavok.repositories.redis_client import create_redis
from prilavok.settings import Settings, load_settings
from prilavok.transport.framing import GuardedRunner
from tests import patience
from tests.api.people import (
    ADMIN_LOGIN,
    PASSWORD,
    ApiClient,
    any_address,
    browser,
    sign_in,
)
from tests.api.terminal import Prilavok

patient_postgres = patience.patient_postgres
patient_redis = patience.patient_redis
patient_stores = patience.patient_stores


@final
class OpenBrowser:
    """Opens browsers, as many as a test has people; all close when it ends."""

    def __init__(self, server: TestServer, stack: AsyncExitStack) -> None:
        """Let them talk to this server."""
        self._server = server
        self._stack = stack
        self.address = any_address()

    async def __call__(
        self,
        login: str | None = None,
        address: str | None = None,
    ) -> ApiClient:
        """Return one more, signed in where a login is given.

        All come from one address, which is this test's alone, unless another is given.
        """
        client = await self._stack.enter_async_context(
            browser(self._server, address or self.address),
        )
        if login is not None:
            await sign_in(client, login)
        return client


@final
class GuardedTestServer(TestServer):
    """Serves as gunicorn's worker does, without draining."""

    @override
    async def _make_runner(self, **options: Any) -> GuardedRunner:
        return GuardedRunner(self.app, **options)


@pytest.fixture
def settings(
    postgres: PostgresUrls,
    valkey: ValkeyUrls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Settings as ``make run`` would make them."""
    monkeypatch.chdir(tmp_path)
    given = {
        "DATABASE_URL": postgres.app,
        "REDIS_URL": valkey.service,
        "WORKER_REDIS_URL": valkey.worker,
        "SECRET_KEY": "a key that only tests are signed with",
        "ADMIN_LOGIN": ADMIN_LOGIN,
        "ADMIN_PASSWORD": PASSWORD,
    }
    for name, wanted in given.items():
        monkeypatch.setenv(name, wanted)
    return load_settings()


@pytest.fixture
def hasher() -> PasswordHasher:
    """Hash quickly: what is slow on purpose is not what these tests are about."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
async def empty_tables(owner_engine: AsyncEngine) -> None:
    """Start without accounts and their history."""
    async with owner_engine.begin() as connection:
        await connection.execute(
            text("TRUNCATE users, roles, sources, players, play_keys")
        )
        await connection.execute(text("TRUNCATE history"))


@pytest.fixture
async def no_pause(valkey: ValkeyUrls) -> None:
    """Start with an email provider that nobody has been told to leave alone."""
    redis = create_redis(valkey.service)
    await redis.delete(PAUSE)
    await redis.aclose(close_connection_pool=True)


@pytest.fixture
async def server(
    settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
) -> AsyncIterator[TestServer]:
    """Serve as production assembles it."""
    served = GuardedTestServer(create_app(settings, hasher))
    await served.start_server()
    yield served
    await served.close()


@pytest.fixture
async def open_browser(
    server: TestServer,
) -> AsyncIterator[OpenBrowser]:
    """Open browsers in which nobody is signed in, or somebody."""
    async with AsyncExitStack() as stack:
        yield OpenBrowser(server, stack)


@pytest.fixture
async def client(open_browser: OpenBrowser) -> ApiClient:
    """Be nobody in particular."""
    return await open_browser()


@pytest.fixture
async def admin(open_browser: OpenBrowser) -> ApiClient:
    """Be the first administrator."""
    return await open_browser(ADMIN_LOGIN)


@pytest.fixture
def prilavok(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: Settings,
    empty_tables: None,
) -> Prilavok:
    """Sit at a terminal; there are no accounts yet."""
    return Prilavok(monkeypatch, capsys)
