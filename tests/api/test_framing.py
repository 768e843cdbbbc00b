"""40: what is no HTTP request is refused like everything else."""

import logging
from collections.abc import AsyncIterator
from typing import Final

import pytest
from aiohttp import web
from argon2 import PasswordHasher

from prilavok.app import create_app
from prilavok.settings import Settings
from prilavok.transport.keys import BODY_SECONDS, SITE, WRITE_SECONDS, Site
from prilavok.transport.middlewares.errors import problem_middleware
from prilavok.transport.middlewares.request_id import request_id_middleware
from tests.api.bad_framing import ATTACKS, SECRET
from tests.api.conftest import GuardedTestServer
from tests.api.people import API
from tests.api.raw import one_request, send_raw

LOGIN: Final = f"POST {API}/auth/login"
JSON: Final = "Content-Type: application/json"


@pytest.fixture
async def impatient(
    settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
) -> AsyncIterator[GuardedTestServer]:
    """Serve without waiting long for anything."""
    app = create_app(settings, hasher)
    app[BODY_SECONDS] = 0.1
    server = GuardedTestServer(app)
    await server.start_server(lingering_time=0.1)
    yield server
    await server.close()


async def test_framing_attacks_are_refused(
    server: GuardedTestServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Answer and log repeat nothing of what came, and the connection is closed."""
    caplog.set_level(logging.INFO)
    for name, attack in ATTACKS.items():
        answer = await send_raw(server, attack)

        assert (name, answer.status) == (name, 400)
        assert answer.problem()["code"] == "bad-request"
        assert SECRET.encode() not in answer.body
    assert SECRET not in caplog.text
    assert "Traceback" not in caplog.text


async def test_smuggled_request_is_not_served(server: GuardedTestServer) -> None:
    """What follows an ambiguous request is never taken for another one."""
    hidden = one_request("GET /health")
    answer = await send_raw(server, ATTACKS["length and chunks"] + hidden)

    assert answer.status == 400
    assert b"alive" not in answer.body


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Content-Length: 10",), b""),
        (("Content-Length: 10",), b"{}"),
        (("Transfer-Encoding: chunked",), b""),
        (("Transfer-Encoding: chunked",), b"2\r\n{}\r\n"),
    ],
)
async def test_body_that_never_comes_is_not_waited_for(
    impatient: GuardedTestServer,
    headers: tuple[str, ...],
    body: bytes,
) -> None:
    """25: a refusal, and then the connection is closed."""
    answer = await send_raw(impatient, one_request(LOGIN, JSON, *headers, body=body))

    assert answer.problem()["code"] == "request-timeout"


async def break_off(request: web.Request) -> web.StreamResponse:
    """Stand for a list whose database goes away."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"first")
    raise RuntimeError("the rest is lost")


async def test_answer_that_breaks_off_is_not_continued() -> None:
    """A failure after the first byte cuts the connection instead of adding words."""
    app = web.Application(middlewares=[request_id_middleware, problem_middleware])
    app[SITE] = Site("http://localhost")
    app[WRITE_SECONDS] = 1
    app.router.add_get("/", break_off)
    server = GuardedTestServer(app)
    await server.start_server()
    answer = await send_raw(server, one_request("GET /"))
    await server.close()

    assert answer.status == 200
    assert answer.body.endswith(b"first\r\n")
