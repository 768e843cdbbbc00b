"""Sessions under a clock of our own. Numbers: docs/security.md."""

from asyncio import gather
from uuid import uuid4

from redis.asyncio import Redis

from prilavok.domain.sessions import Session, SessionKind, Ticket
from prilavok.services.accounts.sessions import SessionService
from tests.integration.accounts.session_parts import (
    ABSOLUTE,
    ACTOR,
    DEVICE,
    IDLE,
    KEYS,
    MINUTE,
    Clock,
    use,
)


async def test_idle_limit(
    service: SessionService,
    clock: Clock,
    started: tuple[Session, Ticket],
) -> None:
    """17: an hour without use ends it, to the minute."""
    clock.now += IDLE - MINUTE
    assert await use(service, started[1], clock.now)
    clock.now += IDLE - MINUTE
    assert await use(service, started[1], clock.now)
    clock.now += IDLE
    assert not await use(service, started[1], clock.now)


async def test_absolute_limit(
    service: SessionService,
    clock: Clock,
    started: tuple[Session, Ticket],
) -> None:
    """17: a day after sign-in it ends, however much it is used."""
    alive = 0
    while await use(service, started[1], clock.now):
        clock.now += IDLE / 2
        alive += 1

    assert alive == 2 * ABSOLUTE / IDLE


async def test_clock_set_back_does_no_harm(
    service: SessionService,
    clock: Clock,
    started: tuple[Session, Ticket],
) -> None:
    """Scenario 27: an hour back and forth again, nobody is signed out or kept in."""
    for shift in (-IDLE, IDLE, IDLE - MINUTE):
        clock.now += shift
        assert await use(service, started[1], clock.now)
    clock.now += ABSOLUTE
    assert not await use(service, started[1], clock.now)


async def test_ended_session_cannot_be_written_to(
    service: SessionService,
    clock: Clock,
    redis: Redis,
) -> None:
    """6: touched and restamped while it ends, it stays ended and leaves nothing."""
    for _ in range(20):
        session, ticket = await service.start(
            uuid4(),
            "stamp",
            SessionKind.COOKIE,
            DEVICE,
        )
        touches = [use(service, ticket, clock.now) for _ in range(10)]
        ends = [
            service.end(ACTOR, session),
            service.sessions.restamp(session.id, "new"),
        ]
        await gather(*touches[:5], *ends, *touches[5:])
        assert await service.find_by_ticket(ticket) is None
        left = [key.format(session.id) for key in KEYS]
        assert not await redis.exists(*left, KEYS[1].format(session.user_id))
