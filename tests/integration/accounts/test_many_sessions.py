"""More sessions of one user than anybody needs. Numbers: docs/security.md."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from prilavok.domain.paging import Paging
from prilavok.domain.sessions import Session, SessionKind
from prilavok.repositories.redis_client import create_redis, queue_commands
from prilavok.repositories.sessions import MAX_OF_A_KIND, SessionRepository
from prilavok.services.accounts.sessions import SessionService
from tests.integration.accounts.session_parts import DEVICE, MINUTE, Clock

SECOND: Final = timedelta(seconds=1)
MANY: Final = 20_000
ALL: Final = Paging(per_page=200)


async def open_sessions(
    service: SessionService,
    clock: Clock,
    user_id: UUID,
    kind: SessionKind,
    number: int,
) -> list[Session]:
    """Sign in so many times, a second after each other."""
    opened = []
    for _ in range(number):
        clock.now += SECOND
        session, _ = await service.start(user_id, "stamp", kind, DEVICE)
        opened.append(session)
    return opened


async def living(service: SessionService, user_id: UUID) -> list[UUID]:
    """List a user's sessions, those in use last first."""
    page = await service.sessions.get_page(ALL, service.now(), user_id)
    return [session.id for session in page.items]


async def test_fifty_of_each_kind_and_the_one_unused_longest_goes(
    service: SessionService,
    clock: Clock,
) -> None:
    """9: signing in once more displaces one session; one that is in use stays."""
    user_id = uuid4()
    cookies, tokens = [
        await open_sessions(service, clock, user_id, kind, MAX_OF_A_KIND)
        for kind in SessionKind
    ]
    clock.now += MINUTE
    await service.sessions.touch(cookies[0], clock.now, clock.now + MINUTE)
    newest = await open_sessions(service, clock, user_id, SessionKind.COOKIE, 1)

    assert len(tokens) == MAX_OF_A_KIND
    assert len(await living(service, user_id)) == 2 * MAX_OF_A_KIND
    assert not await service.sessions.exists(cookies[1].id)
    for session in (cookies[0], cookies[2], tokens[0], newest[0]):
        assert await service.sessions.exists(session.id)


async def test_expired_sessions_displace_nobody(
    service: SessionService,
    clock: Clock,
    redis: Redis,
) -> None:
    """Redis has forgotten them, however late they were used."""
    user_id = uuid4()
    opened = await open_sessions(
        service,
        clock,
        user_id,
        SessionKind.TOKEN,
        MAX_OF_A_KIND,
    )
    await redis.delete(f"prilavok:session:{opened[-1].id}")
    await open_sessions(service, clock, user_id, SessionKind.TOKEN, 1)

    assert await service.sessions.exists(opened[0].id)


@pytest.mark.parametrize("keeps_one", [True, False])
async def test_any_number_is_ended(
    service: SessionService,
    redis: Redis,
    clock: Clock,
    keeps_one: bool,
) -> None:
    """4: 20,000 sessions, as they could be before the limit, end in one call."""
    user_id = uuid4()
    opened = await open_sessions(service, clock, user_id, SessionKind.TOKEN, 1)
    kept = opened[0]
    key = f"prilavok:sessions:of:{user_id}:token"
    async with queue_commands(redis, is_atomic=False) as pipe:
        for number in range(MANY):
            session_id = str(uuid4())
            pipe.hset(f"prilavok:session:{session_id}", "kind", "token")
            pipe.zadd(key, {session_id: number})
        await pipe.execute()
    await service.forget_all(user_id, kept.id if keeps_one else None, "new")
    left = await redis.zcard(key)

    assert left == keeps_one
    assert await service.sessions.exists(kept.id) is keeps_one


async def test_sessions_that_redis_does_not_delete_are_no_failure(
    service: SessionService,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """8: the stamp has ended them; what was committed before is answered as done."""
    nowhere = create_redis("redis://127.0.0.1:1")
    away = replace(service, sessions=SessionRepository(nowhere))
    await away.forget_all(uuid4(), uuid4(), "new")
    await nowhere.aclose(close_connection_pool=True)

    assert "ended sessions not deleted" in caplog.text
