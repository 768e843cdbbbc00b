"""Lists of sessions as people see them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import final
from uuid import UUID

from prilavok.domain.access import Actor
from prilavok.domain.paging import Page, Paging
from prilavok.domain.sessions import Holder, ListSessions, SeenSession, Session
from prilavok.repositories.sessions import SessionRepository
from prilavok.repositories.transaction import Reading


@final
@dataclass(frozen=True, slots=True)
class SeenSessionService:
    """Shows sessions to their owners and to administrators."""

    reading: Reading
    sessions: SessionRepository
    now: Callable[[], datetime]

    async def list_of_user(
        self,
        actor: Actor,
        user_id: UUID,
        paging: Paging,
    ) -> Page[SeenSession]:
        """Show one page of a user's sessions, those in use last first."""
        async with self.reading() as repositories:
            await repositories.users.get(user_id)
        page = await self.sessions.get_page(paging, self.now(), user_id)
        seen = tuple(_seen(session, actor) for session in page.items)
        return page.with_items(seen)

    async def list_all(
        self,
        actor: Actor,
        query: ListSessions,
    ) -> Page[SeenSession]:
        """Show one page of everybody's sessions, each with its holder."""
        page = await self.sessions.get_page(query, self.now(), query.user_id)
        async with self.reading() as repositories:
            holders = await repositories.users.get_holders(
                {session.user_id for session in page.items},
            )
        seen = tuple(
            _seen(session, actor, holders.get(session.user_id))
            for session in page.items
        )
        return page.with_items(seen)


def _seen(session: Session, actor: Actor, holder: Holder | None = None) -> SeenSession:
    return SeenSession(
        id=session.id,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        address=session.address,
        user_agent=session.user_agent,
        kind=session.kind,
        current=session.id == actor.session_id,
        user=holder,
    )
