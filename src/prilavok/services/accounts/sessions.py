"""Sessions: starting them, telling who is behind a request, ending them."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Final, final
from uuid import UUID

from uuid_utils.compat import uuid7

from prilavok.domain.access import SESSION_ENDED, Actor, check_signed_in
from prilavok.domain.errors import NotFound, Unauthenticated, Unavailable
from prilavok.domain.sessions import Device, Session, SessionKind, Ticket
from prilavok.repositories.sessions import SessionRepository
from prilavok.repositories.transaction import Reading, Transaction
from prilavok.services.accounts.audit import record
from prilavok.services.accounts.lifetimes import Lifetimes
from prilavok.services.retries import retry_collisions

logger = logging.getLogger(__name__)
SECRET_BYTES: Final = 32
USER_AGENT_MAX_LENGTH: Final = 200


@final
@dataclass(frozen=True, slots=True)
class SessionService:
    """Use cases of sessions; ``now`` tells the time in UTC."""

    reading: Reading
    transaction: Transaction
    sessions: SessionRepository
    lifetimes: Lifetimes
    now: Callable[[], datetime]

    async def start(
        self,
        user_id: UUID,
        stamp: str,
        kind: SessionKind,
        device: Device,
    ) -> tuple[Session, Ticket]:
        """Open a session under a new id; only the ticket holds its secret."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        created = self.now()
        session = Session(
            id=uuid7(),
            user_id=user_id,
            kind=kind,
            stamp=stamp,
            secret_hash=_hashed(secret),
            created_at=created,
            ends_at=self.lifetimes.end_of(kind, created),
            last_seen_at=created,
            address=device.address,
            user_agent=_printable(device.user_agent),
        )
        expires = self.lifetimes.expiry_of(session, created)
        displaced = await self.sessions.add(session, expires)
        if displaced:
            about = {"user_id": str(user_id), "kind": kind, "sessions": displaced}
            logger.info("sessions ended, as there were too many", extra=about)
        return session, Ticket(session.id, secret)

    async def find_by_ticket(self, ticket: Ticket) -> Session | None:
        """Return the living session that a browser's ticket proves."""
        session = await self._find_living(ticket.session_id)
        if session is None or session.kind is not SessionKind.COOKIE:
            return None
        proven = compare_digest(session.secret_hash, _hashed(ticket.secret))
        return session if proven else None

    async def find_by_token(self, session_id: UUID, user_id: UUID) -> Session | None:
        """Return the living session that a genuine bearer token names."""
        session = await self._find_living(session_id)
        if session is None or session.kind is not SessionKind.TOKEN:
            return None
        return session if session.user_id == user_id else None

    async def admit(self, asking: Actor, session: Session | None) -> Actor:
        """Name the user behind a session, with what he may do at this moment.

        Raises ``Unauthenticated`` when the session is over, its user is disabled or
        gone, or his password was changed since.
        """
        if session is None:
            raise Unauthenticated(SESSION_ENDED)
        async with self.reading() as repositories:
            found = await repositories.credentials.find_standing(session.user_id)
        standing = check_signed_in(session.stamp, found)
        await self._touch(session)
        return Actor(
            request_id=asking.request_id,
            user_id=session.user_id,
            permissions=standing.permissions,
            login=standing.login,
            session_id=session.id,
            stamp=session.stamp,
            address=asking.address,
        )

    async def end(self, actor: Actor, session: Session) -> None:
        """End a session at once and for good, and the writes that rely on it."""
        await self.sessions.end(session)
        ended = {"user_id": str(session.user_id), "session_id": str(session.id)}
        record("session ended", actor, **ended)
        try:
            async with self.reading() as repositories:
                await repositories.credentials.await_writes(session.user_id)
        except Unavailable as error:
            logger.warning("writes not awaited", extra={"error": error.detail})

    async def end_one(
        self,
        actor: Actor,
        session_id: UUID,
        user_id: UUID | None = None,
    ) -> None:
        """End one session, of this user where one is named."""
        session = await self._find_living(session_id)
        if session is None or user_id not in {None, session.user_id}:
            raise NotFound("There is no such session.")
        await self.end(actor, session)

    async def end_all(
        self,
        actor: Actor,
        user_id: UUID,
        but: UUID | None = None,
    ) -> None:
        """End every session of a user, except perhaps one; ``NotFound``.

        A new stamp ends them, so that also a session ends which is just being opened,
        or which Redis fails to delete. They are deleted before it, too: writes that
        overlap each other could otherwise keep the user's row locked for ever.
        """
        await self._delete_all(user_id, but)
        stamp = await self._renew_stamp(actor, user_id)
        record("all sessions ended", actor, user_id=str(user_id))
        await self.forget_all(user_id, but, stamp)

    async def forget_all(
        self,
        user_id: UUID,
        but: UUID | None = None,
        stamp: str = "",
    ) -> None:
        """Delete the sessions that a new stamp has ended; ``but`` takes it over.

        What Redis fails to delete is useless all the same, and expires.
        """
        if but is not None:
            try:
                await self.sessions.restamp(but, stamp)
            except Unavailable as error:
                logger.warning("session not kept", extra={"error": error.detail})
        await self._delete_all(user_id, but)

    async def _delete_all(self, user_id: UUID, but: UUID | None) -> None:
        try:
            await self.sessions.end_all(user_id, but)
        except Unavailable as error:
            logger.warning(
                "ended sessions not deleted",
                extra={"user_id": str(user_id), "error": error.detail},
            )

    @retry_collisions
    async def _renew_stamp(self, actor: Actor, user_id: UUID) -> str:
        writes_own = user_id == actor.user_id
        async with self.transaction(actor, writes_own=writes_own) as repositories:
            return await repositories.credentials.renew_stamp(user_id)

    async def _find_living(self, session_id: UUID) -> Session | None:
        session = await self.sessions.find(session_id)
        if session is None or self.lifetimes.is_over(session, self.now()):
            return None
        return session

    async def _touch(self, session: Session) -> None:
        now = self.now()
        if self.lifetimes.needs_touch(session, now):
            expires = self.lifetimes.expiry_of(session, now)
            try:
                await self.sessions.touch(session, now, expires)
            except Unavailable as error:
                # A full Redis takes no writes, but whoever is signed in goes on.
                logger.warning("use of a session not noted: %s", error.__cause__)


def _hashed(secret: str) -> str:
    """Hash a random secret; nothing slow is needed for 256 random bits."""
    return sha256(secret.encode()).hexdigest()


def _printable(text: str) -> str:
    """Keep what is safe to show and to log of what a client calls itself."""
    shown = "".join(letter for letter in text if letter.isprintable())
    return shown[:USER_AGENT_MAX_LENGTH]
