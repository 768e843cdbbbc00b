"""Records in Redis that somebody broke."""

from uuid import UUID

import pytest
from redis.asyncio import Redis

from prilavok.domain.paging import Paging
from prilavok.domain.sessions import Session, Ticket
from prilavok.services.accounts.sessions import SessionService
from tests.integration.accounts.session_parts import KEYS


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("user_id", "nobody"),
        ("user_id", b"\xff\xfe"),
        ("kind", "other"),
        ("stamp", "\u2603"),
        ("secret_hash", "\u2603"),
        ("secret_hash", b"\xff"),
        ("created_at", "yesterday"),
        ("ends_at", "9" * 40),
        ("last_seen_at", "-99999999999999999"),
        ("address", b"\xff"),
        ("user_agent", b"\xff"),
    ],
)
async def test_broken_fields_are_signed_out(
    service: SessionService,
    redis: Redis,
    started: tuple[Session, Ticket],
    name: str,
    broken: str | bytes,
) -> None:
    """A record that is none of ours is no session, and lists go on without it."""
    session, ticket = started
    await redis.hset(KEYS[0].format(session.id), name, broken)
    assert await listed(service, session.user_id) == 0
    assert await service.find_by_ticket(ticket) is None


async def test_broken_keys_are_signed_out(
    service: SessionService,
    redis: Redis,
    started: tuple[Session, Ticket],
) -> None:
    """Keys of another type, fields that are gone, and members that are no ids."""
    session, ticket = started
    key, index = KEYS[0].format(session.id), KEYS[1].format(session.user_id)
    for member in (b"\xff", b"no id"):
        await redis.zadd(index, {member: 2**50})
    assert await listed(service, session.user_id) == 1
    await redis.hdel(key, "stamp")
    assert await service.find_by_ticket(ticket) is None
    await redis.delete(key)
    await redis.set(key, "text")
    assert await service.find_by_ticket(ticket) is None
    assert await listed(service, session.user_id) == 0


async def listed(service: SessionService, user_id: UUID) -> int:
    """Count the sessions that a list of the user shows."""
    page = await service.sessions.get_page(Paging(), service.now(), user_id)
    return len(page.items)


async def test_client_names_itself_on_one_line(
    started: tuple[Session, Ticket],
) -> None:
    """42: what is shown of a user agent cannot imitate anything."""
    assert started[0].user_agent == "a browserof lines"
