"""Stored sessions: Redis holds them, and forgets them by itself when they end.

One hash a session, and two sorted sets that list sessions by the time they expire:
everybody's and each user's. Nothing here ever writes to a session that is gone, so no
request in flight brings an ended one back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, final
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from prilavok.domain.paging import Page, Paging
from prilavok.domain.sessions import Session
from prilavok.repositories.redis_client import PREFIX, queue_commands, redis_errors
from prilavok.repositories.session_records import (
    milliseconds,
    to_ids,
    to_record,
    to_session,
)

EVERYBODY: Final = f"{PREFIX}sessions"
# Atomic: between a look and a write the session could end.
TOUCH: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'last_seen_at', ARGV[1])
redis.call('PEXPIREAT', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], 'XX', ARGV[2], ARGV[3])
redis.call('ZADD', KEYS[3], 'XX', ARGV[2], ARGV[3])
return 1
"""
RESTAMP: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'stamp', ARGV[1])
return 1
"""


@final
@dataclass(frozen=True, slots=True)
class SessionRepository:
    """Reads and writes sessions; ``Unavailable`` when Redis is away."""

    redis: Redis

    async def add(self, session: Session, expires_at: datetime) -> None:
        """Store a new session until it expires."""
        key, of_user = _key(session.id), _of_user(session.user_id)
        member, expiry = str(session.id), milliseconds(expires_at)
        with redis_errors():
            async with queue_commands(self.redis) as pipe:
                pipe.hset(key, mapping=to_record(session))
                pipe.pexpireat(key, expiry)
                pipe.zadd(of_user, {member: expiry})
                pipe.zadd(EVERYBODY, {member: expiry})
                # Nobody may ever list it, and it must not grow for ever.
                created = milliseconds(session.created_at)
                pipe.zremrangebyscore(EVERYBODY, "-inf", created)
                # The list of a user goes with his longest session.
                pipe.pexpireat(of_user, milliseconds(session.ends_at), gt=True)
                pipe.pexpireat(of_user, milliseconds(session.ends_at), nx=True)
                await pipe.execute()

    async def find(self, session_id: UUID) -> Session | None:
        """Read one session; None when it has ended or never was."""
        with redis_errors():
            try:
                record: Any = await self.redis.hgetall(_key(session_id))
            except ResponseError:
                return None
        return to_session(session_id, record)

    async def touch(self, session: Session, seen: datetime, expires: datetime) -> None:
        """Note that the session is in use, unless it has ended meanwhile."""
        with redis_errors():
            await self.redis.eval(
                TOUCH,
                3,
                _key(session.id),
                _of_user(session.user_id),
                EVERYBODY,
                str(milliseconds(seen)),
                str(milliseconds(expires)),
                str(session.id),
            )

    async def restamp(self, session_id: UUID, stamp: str) -> None:
        """Let a session outlive the change of its user's password."""
        with redis_errors():
            await self.redis.eval(RESTAMP, 1, _key(session_id), stamp)

    async def end(self, sessions: Iterable[Session]) -> None:
        """Delete sessions for good."""
        with redis_errors():
            async with queue_commands(self.redis) as pipe:
                for session in sessions:
                    pipe.delete(_key(session.id))
                    pipe.zrem(_of_user(session.user_id), str(session.id))
                    pipe.zrem(EVERYBODY, str(session.id))
                await pipe.execute()

    async def get_of_user(self, user_id: UUID, now: datetime) -> tuple[Session, ...]:
        """Read all sessions of one user."""
        with redis_errors():
            members = await self._living(_of_user(user_id), now)
            return await self._read(members)

    async def get_page(
        self,
        paging: Paging,
        now: datetime,
        user_id: UUID | None,
    ) -> Page[Session]:
        """Read one page of the sessions of one user or of everybody."""
        index = EVERYBODY if user_id is None else _of_user(user_id)
        with redis_errors():
            members = await self._living(index, now)
            part = members[paging.offset : paging.offset + paging.per_page]
            sessions = await self._read(part)
        return Page(sessions, len(members), paging.page, paging.per_page)

    async def _living(self, index: str, now: datetime) -> list[bytes]:
        """List the ids in use most recently, and forget those that expired."""
        await self.redis.zremrangebyscore(index, "-inf", milliseconds(now))
        members: Any = await self.redis.zrange(index, 0, -1, desc=True)
        return list(members)

    async def _read(self, members: Iterable[bytes]) -> tuple[Session, ...]:
        ids = to_ids(members)
        async with queue_commands(self.redis) as pipe:
            for session_id in ids:
                pipe.hgetall(_key(session_id))
            # A broken record is one session less, not a failure of the list.
            records: list[Any] = await pipe.execute(raise_on_error=False)
        found = map(to_session, ids, records)
        return tuple(session for session in found if session is not None)


def _key(session_id: UUID) -> str:
    return f"{PREFIX}session:{session_id}"


def _of_user(user_id: UUID) -> str:
    return f"{PREFIX}sessions:of:{user_id}"
