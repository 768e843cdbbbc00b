"""Clients who leave in the middle: no fault of ours, and told as what it is."""

import asyncio
import logging
from typing import Final

import pytest
from aiohttp.test_utils import TestServer
from prometheus_client import REGISTRY

from tests.api import long_lists
from tests.api.people import ADMIN_LOGIN, API, ApiClient, use_token

LEFT: Final = 499
PATIENCE_SECONDS: Final = 10
JSON: Final = "Content-Type: application/json"
LENGTH: Final = "Content-Length: 3000"
CHUNKED: Final = "Transfer-Encoding: chunked"
FORM: Final = "Content-Type: multipart/form-data; boundary=x"
PART: Final = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nhalf a li'
BROKEN_OFF: Final = (
    (f"POST {API}/auth/login", (JSON, LENGTH), b'{"login": '),
    (f"POST {API}/auth/login", (JSON, CHUNKED), b'2\r\n{"\r\n40\r\nab'),
    (f"POST {API}/users", (JSON, LENGTH), b'{"login": '),
    (f"POST {API}/imports", ("Content-Type: text/plain", LENGTH), b"half a li"),
    (f"POST {API}/imports", ("Content-Type: text/plain", CHUNKED), b"5\r\nhal"),
    (f"POST {API}/imports", (FORM, LENGTH), PART),
    (f"POST {API}/imports", (FORM, LENGTH), PART[:20]),
)

players = long_lists.players


@pytest.fixture
async def bearer(admin: ApiClient) -> str:
    """Be an administrator by a header line."""
    return f"Authorization: Bearer {await use_token(admin, ADMIN_LOGIN)}"


def counted(method: str, path: str, status: int) -> float:
    """Read the metric of a route."""
    labels = {"method": method, "route": path, "status": str(status)}
    found = REGISTRY.get_sample_value("prilavok_http_request_seconds_count", labels)
    return found or 0


def complaints(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """List what the log has beside what happens every day."""
    loud = [it for it in caplog.records if it.levelno > logging.INFO]
    return loud + [it for it in caplog.records if it.exc_info]


async def leave(server: TestServer, head: str, body: bytes, wait_for: bytes) -> None:
    """Send a part of a request, or read a part of an answer, and hang up."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(f"{head}\r\n\r\n".encode() + body)
    if wait_for:
        await reader.readuntil(wait_for)
    else:
        # Let it be read, so that it is the handler who waits for the rest.
        await asyncio.sleep(0.1)
    writer.transport.abort()


async def until_counted(before: float, method: str, path: str) -> None:
    """Wait until the metric tells of one more who has left."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while counted(method, path, LEFT) == before:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(("line", "headers", "body"), BROKEN_OFF)
async def test_body_that_breaks_off_is_no_fault(
    server: TestServer,
    bearer: str,
    caplog: pytest.LogCaptureFixture,
    line: str,
    headers: tuple[str, ...],
    body: bytes,
) -> None:
    """499 in log and metrics, no traceback, no 500, and others are served."""
    caplog.set_level(logging.INFO)
    method, path = line.split()
    before = counted(method, path, LEFT), counted(method, path, 500)
    head = "\r\n".join((f"{line} HTTP/1.1", "Host: x", bearer, *headers))
    await leave(server, head, body, b"")
    await until_counted(before[0], method, path)

    assert counted(method, path, 500) == before[1]
    assert not complaints(caplog)


async def test_download_that_nobody_takes_is_no_fault(
    server: TestServer,
    players: None,
    bearer: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The answer is broken off by its reader, not by us."""
    caplog.set_level(logging.INFO)
    path = f"{API}/players"
    before = counted("GET", path, LEFT)
    head = f"GET {path}?format=csv HTTP/1.1\r\nHost: x\r\n{bearer}"
    await leave(server, head, b"", b'"esp_state"')
    await until_counted(before, "GET", path)

    statuses = [it.__dict__["status"] for it in caplog.records if it.msg == "request"]
    assert statuses[-1] == LEFT
    assert not complaints(caplog)
