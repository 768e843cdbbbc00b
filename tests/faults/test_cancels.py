"""Clients that leave. Numbers: docs/security.md."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import uuid4

import pytest

from prilavok.domain.sessions import Session, SessionKind
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.repositories.redis_client import create_redis
from prilavok.repositories.sessions import SessionRepository
from tests.api.conftest import OpenBrowser
from tests.api.people import ApiClient, make_user
from tests.fault_proxy import FaultProxy
from tests.faults.lines import ME, ask, through

# It is not the service that gives up here.
pytestmark = pytest.mark.usefixtures("patient_postgres", "patient_redis")
PEOPLE: Final = 12
REQUESTS: Final = 240
AT_ONCE: Final = 24
LATE_SECONDS: Final = 0.02
PATIENCE: Final = 0.06
CHANCE: Final = Random(2624)


@pytest.fixture
async def sessions(
    valkey: ValkeyUrls,
    redis_line: FaultProxy,
) -> AsyncIterator[SessionRepository]:
    """Read sessions over a line that is late."""
    redis = create_redis(through(redis_line, valkey.service))
    yield SessionRepository(redis)
    await redis.aclose(close_connection_pool=True)


def session_of_somebody() -> Session:
    """Make a session that nobody else has."""
    now = datetime.now(UTC)
    return Session(
        id=uuid4(),
        user_id=uuid4(),
        kind=SessionKind.COOKIE,
        stamp="",
        secret_hash="",
        created_at=now,
        ends_at=now + timedelta(hours=1),
        last_seen_at=now,
        address="",
        user_agent="",
    )


async def find_or_leave(
    sessions: SessionRepository,
    gate: asyncio.Semaphore,
    session: Session,
) -> Session | None:
    """Ask for a session, and perhaps leave before the answer comes."""
    async with gate:
        with suppress(TimeoutError):
            async with asyncio.timeout(CHANCE.uniform(LATE_SECONDS / 2, PATIENCE)):
                return await sessions.find(session.id)
    return None


async def name_or_leave(client: ApiClient, gate: asyncio.Semaphore) -> Any:
    """Ask who one is, and perhaps hang up before the answer comes."""
    async with gate:
        with suppress(TimeoutError):
            async with asyncio.timeout(CHANCE.uniform(LATE_SECONDS, PATIENCE * 3)):
                answer = await ask(client, *ME)
                return answer.document["user"]["login"]
    return None


async def test_cancelled_command_leaves_no_answer_behind(
    sessions: SessionRepository,
    redis_line: FaultProxy,
) -> None:
    """13: redis-py issues 2624 and 2665, where one got what another had asked for."""
    stored = [session_of_somebody() for _ in range(PEOPLE)]
    await asyncio.gather(*(sessions.add(mine, mine.ends_at) for mine in stored))
    redis_line.latency = LATE_SECONDS
    gate = asyncio.Semaphore(AT_ONCE)
    asked = CHANCE.choices(stored, k=REQUESTS)
    found = await asyncio.gather(*(find_or_leave(sessions, gate, it) for it in asked))
    answered = [(mine, got) for mine, got in zip(asked, found) if got is not None]

    assert 0 < len(answered) < REQUESTS
    assert all(mine.user_id == got.user_id for mine, got in answered)


async def test_nobody_gets_the_answer_of_somebody_who_left(
    open_browser: OpenBrowser,
    admin: ApiClient,
    redis_line: FaultProxy,
) -> None:
    """13: each answer carries the login of who asked."""
    people = {"ann": admin, "bob": admin, "cy": admin}
    for login in people:
        await make_user(admin, login)
        people[login] = await open_browser(login)
    redis_line.latency = LATE_SECONDS
    gate = asyncio.Semaphore(AT_ONCE // 2)
    asked = CHANCE.choices(tuple(people), k=REQUESTS)
    told = await asyncio.gather(*(name_or_leave(people[it], gate) for it in asked))
    answered = [pair for pair in zip(asked, told) if pair[1] is not None]

    assert 0 < len(answered) < REQUESTS
    assert all(login == name for login, name in answered)
