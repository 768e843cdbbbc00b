"""Stored sessions: Redis holds them, and forgets them by itself when they end.

Nothing here ever writes to a session that is gone, so no request in flight brings an
ended one back (``session_scripts``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any, Final, final
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from prilavok.domain.paging import Page, Paging
from prilavok.domain.sessions import Session, SessionKind
from prilavok.repositories import session_scripts as scripts
from prilavok.repositories.redis_client import PREFIX, queue_commands, redis_errors
from prilavok.repositories.session_records import (
    milliseconds,
    to_ids,
    to_record,
    to_session,
)

SESSION: Final = f"{PREFIX}session:"
EVERYBODY: Final = f"{PREFIX}sessions"
# Of each kind; who signs in once more loses the session that was unused longest.
MAX_OF_A_KIND: Final = 50
ENDED_AT_ONCE: Final = 500


@final
@dataclass(frozen=True, slots=True)
class SessionRepository:
    """Reads and writes sessions; ``Unavailable`` when Redis is away."""

    redis: Redis

    async def add(self, session: Session, expires_at: datetime) -> int:
        """Store a new session until it expires; tell how many others it displaced."""
        record = to_record(session)
        with redis_errors():
            displaced: Any = await self.redis.eval(
                scripts.ADD,
                3,
                *_keys(session),
                str(milliseconds(expires_at)),
                str(milliseconds(session.created_at)),
                str(milliseconds(session.ends_at)),
                str(session.id),
                str(MAX_OF_A_KIND),
                SESSION,
                *(str(part) for field in record.items() for part in field),
            )
        return int(displaced)

    async def exists(self, session_id: UUID) -> bool:
        """Tell whether a session has neither ended nor expired."""
        with redis_errors():
            return bool(await self.redis.exists(_key(session_id)))

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
                scripts.TOUCH,
                3,
                *_keys(session),
                str(milliseconds(seen)),
                str(milliseconds(expires)),
                str(session.id),
            )

    async def restamp(self, session_id: UUID, stamp: str) -> None:
        """Let a session outlive the renewal of its user's stamp."""
        with redis_errors():
            await self.redis.eval(scripts.RESTAMP, 1, _key(session_id), stamp)

    async def end(self, session: Session) -> None:
        """Delete one session for good."""
        of_user = _of_user(session.user_id, session.kind)
        with redis_errors():
            async with queue_commands(self.redis) as pipe:
                pipe.delete(_key(session.id))
                pipe.zrem(of_user, str(session.id))
                pipe.zrem(EVERYBODY, str(session.id))
                await pipe.execute()

    async def end_all(self, user_id: UUID, but: UUID | None = None) -> None:
        """Delete all sessions of a user, except perhaps one, without reading them."""
        for kind in SessionKind:
            of_user = _of_user(user_id, kind)
            ended = await self._end_some(of_user, but)
            while ended:
                ended = await self._end_some(of_user, but)

    async def get_page(
        self,
        paging: Paging,
        now: datetime,
        user_id: UUID | None,
    ) -> Page[Session]:
        """Read one page of the sessions of one user or of everybody."""
        if user_id is None:
            return await self._page_of_everybody(paging, now)
        sessions = await self._of_user(user_id)
        part = sessions[paging.offset : paging.offset + paging.per_page]
        return Page(part, len(sessions), paging.page, paging.per_page)

    async def _page_of_everybody(self, paging: Paging, now: datetime) -> Page[Session]:
        """Those that expire last come first."""
        last = paging.offset + paging.per_page - 1
        with redis_errors():
            await self.redis.zremrangebyscore(EVERYBODY, "-inf", milliseconds(now))
            total = await self.redis.zcard(EVERYBODY)
            part: Any = await self.redis.zrange(
                EVERYBODY, paging.offset, last, desc=True
            )
            sessions = await self._read(part)
        return Page(sessions, total, paging.page, paging.per_page)

    async def _of_user(self, user_id: UUID) -> tuple[Session, ...]:
        """Read all sessions of a user, those in use last first."""
        with redis_errors():
            async with queue_commands(self.redis) as pipe:
                for kind in SessionKind:
                    pipe.zrange(_of_user(user_id, kind), 0, -1)
                listed: list[Any] = await pipe.execute()
            found = await self._read(chain.from_iterable(listed))
        by_use = attrgetter("last_seen_at", "id")
        return tuple(sorted(found, key=by_use, reverse=True))

    async def _end_some(self, of_user: str, but: UUID | None) -> int:
        with redis_errors():
            ended: Any = await self.redis.eval(
                scripts.END_SOME,
                2,
                of_user,
                EVERYBODY,
                str(ENDED_AT_ONCE),
                SESSION,
                "" if but is None else str(but),
            )
        return int(ended)

    async def _read(self, members: Iterable[bytes]) -> tuple[Session, ...]:
        ids = to_ids(members)
        async with queue_commands(self.redis) as pipe:
            for session_id in ids:
                pipe.hgetall(_key(session_id))
            # A broken record is one session less, not a failure of the list.
            records: list[Any] = await pipe.execute(raise_on_error=False)
        found = map(to_session, ids, records)
        return tuple(session for session in found if session is not None)


def _keys(session: Session) -> tuple[str, str, str]:
    of_user = _of_user(session.user_id, session.kind)
    return _key(session.id), of_user, EVERYBODY


def _key(session_id: UUID) -> str:
    return f"{SESSION}{session_id}"


def _of_user(user_id: UUID, kind: SessionKind) -> str:
    return f"{PREFIX}sessions:of:{user_id}:{kind}"
