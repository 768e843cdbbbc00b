"""People who use the API in tests: each has a browser of his own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from secrets import randbelow
from typing import Any, Final, TypeAlias

from aiohttp import TCPConnector, web
from aiohttp.test_utils import TestClient, TestServer

ApiClient: TypeAlias = TestClient[web.Request, web.Application]

LOOPBACK: Final = ip_network("127.128.0.0/9")
API: Final = "/api/v1"
ADMIN_LOGIN: Final = "admin"
PASSWORD: Final = "correct horse battery"
NEW_USER: Final[dict[str, Any]] = {
    "password": PASSWORD,
    "first_name": "Ann",
    "last_name": "Smith",
    "role": "User",
}


def any_address() -> str:
    """Choose an address of this machine that no other test has come from.

    Counters of wrong passwords outlive a test.
    """
    return str(LOOPBACK[randbelow(LOOPBACK.num_addresses)])


@asynccontextmanager
async def serve(app: web.Application) -> AsyncIterator[TestServer]:
    """Serve for as long as the block runs."""
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@asynccontextmanager
async def browser(
    server: TestServer,
    address: str = "127.0.0.1",
) -> AsyncIterator[ApiClient]:
    """Open a browser in which nobody is signed in; it leaves the server running."""
    # Otherwise the hundred-and-first request would wait for the hundredth.
    connector = TCPConnector(local_addr=(address, 0), limit=0)
    client: ApiClient = TestClient(server, connector=connector)
    yield client
    await client.session.close()


async def sign_in(client: ApiClient, login: str, password: str = PASSWORD) -> None:
    """Sign in by cookie."""
    credentials = {"login": login, "password": password}
    response = await client.post(f"{API}/auth/login", json=credentials)
    assert response.ok, await response.text()


async def use_token(client: ApiClient, login: str) -> str:
    """Sign in as a program does, for all that the client asks from now on."""
    credentials = {"login": login, "password": PASSWORD}
    response = await client.post(f"{API}/auth/token", json=credentials)
    token = str((await response.json())["access_token"])
    client.session.headers["Authorization"] = f"Bearer {token}"
    return token


async def make_role(admin: ApiClient, name: str, *permissions: str) -> dict[str, Any]:
    """Make a role and return it."""
    body = {"name": name, "permissions": permissions}
    return await _made(admin, "roles", body)


async def make_user(admin: ApiClient, login: str, **fields: Any) -> dict[str, Any]:
    """Make an account with the common password and return it."""
    return await _made(admin, "users", NEW_USER | {"login": login} | fields)


async def _made(admin: ApiClient, noun: str, body: dict[str, Any]) -> dict[str, Any]:
    response = await admin.post(f"{API}/{noun}", json=body)
    assert response.ok, await response.text()
    made: dict[str, Any] = await response.json()
    return made
