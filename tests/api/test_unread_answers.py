"""Clients who ask and do not read: nobody else notices, and they are cut off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from socket import AF_INET, SO_RCVBUF, SOCK_STREAM, SOL_SOCKET, socket
from time import monotonic
from typing import Final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from prilavok.app import create_app
from prilavok.settings import Settings
from prilavok.transport.downloads import DOWNLOADS
from prilavok.transport.keys import WRITE_SECONDS
from tests.api import long_lists
from tests.api.calls import refusal
from tests.api.conftest import GuardedTestServer
from tests.api.people import (
    ADMIN_LOGIN,
    API,
    ApiClient,
    browser,
    make_user,
    sign_in,
    use_token,
)

READERS: Final = 10
SECONDS: Final = 1.5
PATIENCE_SECONDS: Final = 20
LITTLE: Final = 65_536
LAST_CHUNK: Final = b"0\r\n\r\n"
CSV: Final = "/users?format=csv"

players = long_lists.players


@pytest.fixture
async def hurried(
    settings: Settings,
    hasher: PasswordHasher,
    players: None,
) -> AsyncIterator[GuardedTestServer]:
    """Serve without waiting long for readers."""
    app = create_app(settings, hasher)
    app[WRITE_SECONDS] = SECONDS
    server = GuardedTestServer(app)
    await server.start_server()
    yield server
    await server.close()


@asynccontextmanager
async def asked(
    server: TestServer,
    path: str,
    token: str,
    times: int = 1,
) -> AsyncIterator[asyncio.StreamReader]:
    """Ask and read only the first head, with small buffers of one's own."""
    line = socket(AF_INET, SOCK_STREAM)
    line.setsockopt(SOL_SOCKET, SO_RCVBUF, LITTLE)
    line.setblocking(False)
    await asyncio.get_running_loop().sock_connect(line, (server.host, server.port))
    reader, writer = await asyncio.open_connection(sock=line, limit=LITTLE)
    head = (
        f"GET {API}{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    writer.write(head.encode() * times)
    await reader.readuntil(b"\r\n\r\n")
    try:
        yield reader
    finally:
        writer.transport.abort()


async def test_ten_who_do_not_read_leave_everybody_served(
    server: TestServer,
    players: None,
) -> None:
    """They hold no connection of the database while they wait."""
    async with AsyncExitStack() as stack:
        admin = await stack.enter_async_context(browser(server))
        await sign_in(admin, ADMIN_LOGIN)
        for number in range(READERS):
            await make_user(admin, f"reader{number}", role="Admin")
            client = await stack.enter_async_context(browser(server))
            token = await use_token(client, f"reader{number}")
            await stack.enter_async_context(asked(server, "/players?format=csv", token))
        for _ in range(READERS):
            assert (await admin.get(f"{API}/users")).status == 200
        assert server.app is not None
        assert server.app[DOWNLOADS].number == READERS


async def test_third_download_of_a_user_waits(
    server: TestServer,
    players: None,
    admin: ApiClient,
) -> None:
    """429 with ``Retry-After``; HEAD of one needs no place, and places come back."""
    token = await use_token(admin, ADMIN_LOGIN)
    path = "/players?format=csv"
    async with asked(server, path, token), asked(server, path, token):
        refused = await refusal(admin, f"GET {path}")

        assert (refused["status"], refused["code"]) == (429, "too-many-downloads")
        assert (await admin.get(f"{API}/players")).status == 200
    await until_free(server)
    assert (await admin.get(f"{API}{CSV}")).status == 200


def connections(server: TestServer) -> list[web.RequestHandler]:
    """List the connections that the server holds."""
    assert server.runner is not None
    assert server.runner.server is not None
    return server.runner.server.connections


async def until_free(server: TestServer) -> None:
    """Wait until no download is under way."""
    assert server.app is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        while server.app[DOWNLOADS].number:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("path", "times"),
    [("/players?format=csv", 1), ("/players?per_page=200", 100)],
)
async def test_unread_answer_ends_with_its_connection(
    hurried: GuardedTestServer,
    path: str,
    times: int,
) -> None:
    """Streamed or whole: after some seconds without progress it is cut off."""
    async with browser(hurried) as client:
        await sign_in(client, ADMIN_LOGIN)
        token = await use_token(client, ADMIN_LOGIN)
        started = monotonic()
        others = len(connections(hurried))
        async with asked(hurried, path, token, times):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(connections(hurried)) > others:
                    await asyncio.sleep(0.01)
        assert SECONDS <= monotonic() - started < PATIENCE_SECONDS
        await until_free(hurried)


async def test_slow_reader_is_not_cut_off(hurried: GuardedTestServer) -> None:
    """Who reads a little all the time gets everything, however long it takes."""
    async with browser(hurried) as client:
        await sign_in(client, ADMIN_LOGIN)
        token = await use_token(client, ADMIN_LOGIN)
        received, started, piece = 0, monotonic(), b""
        async with asked(hurried, "/players?format=csv", token) as reader:
            while monotonic() - started < 3 * SECONDS:
                received += len(await reader.read(LITTLE))
                await asyncio.sleep(0.05)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not piece.endswith(LAST_CHUNK):
                    piece = await reader.read(LITTLE)
                    received += len(piece)
                    assert piece
        assert received > 20_000 * 400
