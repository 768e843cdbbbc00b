"""How long sessions last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, final

from prilavok.domain.sessions import Session, SessionKind

# A session in use is noted this many times within its idle limit, not each time.
TOUCHES_PER_IDLE: Final = 60


@final
@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Limits of sessions: without use, in all, and of bearer tokens."""

    idle: timedelta
    absolute: timedelta
    token: timedelta

    def end_of(self, kind: SessionKind, created: datetime) -> datetime:
        """Tell when a session ends however much it is used."""
        limit = self.token if kind is SessionKind.TOKEN else self.absolute
        return created + limit

    def expiry_of(self, session: Session, seen: datetime) -> datetime:
        """Tell when a session ends that is not used after ``seen``."""
        if session.kind is SessionKind.TOKEN:
            return session.ends_at
        return min(session.ends_at, seen + self.idle)

    def is_over(self, session: Session, now: datetime) -> bool:
        """Tell whether a limit has passed."""
        return now >= self.expiry_of(session, session.last_seen_at)

    def needs_touch(self, session: Session, now: datetime) -> bool:
        """Tell whether it is time to note the use of a session."""
        return now - session.last_seen_at >= self.idle / TOUCHES_PER_IDLE
