"""No input gives a 500: a hundred thousand requests. See docs/security.md."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import orjson
import pytest
from aiohttp import ClientTimeout
from aiohttp.test_utils import TestServer

from prilavok.cli.operator import operator
from prilavok.domain.roles import ADMIN
from prilavok.domain.users import CreateUser
from prilavok.settings import Settings
from prilavok.transport.keys import SERVICES
from tests.api.people import ADMIN_LOGIN, API, PASSWORD, ApiClient, sign_in
from tests.faults.openapi_requests import Call, Generator

# A machine that stands still for a moment is no fault of ours.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("patient_postgres", "patient_redis"),
]
REQUESTS: Final = 100_000
AT_ONCE: Final = 8
SEED: Final = 14
TIMEOUT: Final = ClientTimeout(total=30)
# A new administrator from time to time: the one before may have been deleted.
TERM: Final = 500


@pytest.fixture
def settings(direct_settings: Settings) -> Settings:
    """Lead straight to the stores; nothing is broken here but the requests."""
    return direct_settings


@pytest.fixture(autouse=True)
def many_sign_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count its wrong passwords apart from those of other tests: by another window."""
    monkeypatch.setenv("LOGIN_WINDOW_SECONDS", "182")
    monkeypatch.setenv("LOGIN_ATTEMPTS_PER_ADDRESS", "1000000")


async def new_token(server: TestServer, client: ApiClient, login: str) -> str:
    """Make an administrator as an operator does, and sign in as them."""
    assert server.app is not None
    command = CreateUser(login, PASSWORD, "Ann", "Smith", ADMIN)
    await server.app[SERVICES].users.create(operator(), command)
    credentials = {"login": login, "password": PASSWORD}
    issued = await client.post(f"{API}/auth/token", json=credentials)
    return str((await issued.json())["access_token"])


async def send(
    client: ApiClient,
    call: Call,
    headers: Mapping[str, str],
) -> tuple[int, Any]:
    """Send one call; return its status, and the answer where it is short JSON."""
    body = None if call.body is None else orjson.dumps(call.body)
    response = await client.request(
        call.method,
        call.path,
        data=body,
        headers={**headers, "Content-Type": "application/json"},
        timeout=TIMEOUT,
        allow_redirects=False,
    )
    if response.headers.get("Content-Type", "").startswith("text/event-stream"):
        response.close()
        return response.status, None
    answer = await response.read()
    is_json = response.content_type == "application/json" and len(answer) < 10_000
    return response.status, orjson.loads(answer) if is_json and answer else None


async def test_mixed_requests_never_fail(
    server: TestServer,
    client: ApiClient,
) -> None:
    """22: by administrators, by ended sessions and by nobody."""
    document = await (await client.get("/openapi.json")).json()
    generator = Generator(document, SEED)
    await sign_in(client, ADMIN_LOGIN)
    statuses: Counter[int] = Counter()
    failed: list[Call] = []
    ended = "Bearer ended"
    for term in range(REQUESTS // TERM):
        client.session.cookie_jar.clear()
        token = f"Bearer {await new_token(server, client, f'boss-{term}')}"
        senders: tuple[dict[str, str], ...] = (
            {"Authorization": token},
            {"Authorization": ended},
            {},
        )
        for start in range(0, TERM, AT_ONCE):
            calls = [generator.call() for _ in range(min(AT_ONCE, TERM - start))]
            answers = await asyncio.gather(
                *(
                    send(client, call, senders[max(0, number - 5)])
                    for number, call in enumerate(calls)
                ),
            )
            for call, (status, answer) in zip(calls, answers):
                statuses[status] += 1
                generator.remember(answer)
                if status == 500:
                    failed.append(call)
        ended = token

    assert not failed
    assert statuses.total() == REQUESTS
    assert {200, 401, 404, 422} <= statuses.keys()
