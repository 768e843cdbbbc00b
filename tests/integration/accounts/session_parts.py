"""Sessions with a clock of the test's own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, final

from prilavok.domain.access import Actor
from prilavok.domain.sessions import Device, Ticket
from prilavok.services.accounts.sessions import SessionService

IDLE: Final = timedelta(minutes=60)
ABSOLUTE: Final = timedelta(hours=24)
MINUTE: Final = timedelta(minutes=1)
DEVICE: Final = Device("127.0.0.1", "a browser\r\nof lines\x1b")
ACTOR: Final = Actor("request")
KEYS: Final = ("prilavok:session:{}", "prilavok:sessions:of:{}:cookie")


@final
@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


async def use(service: SessionService, ticket: Ticket, now: datetime) -> bool:
    """Use a session as a request does; tell whether it is alive."""
    session = await service.find_by_ticket(ticket)
    lifetimes = service.lifetimes
    if session is not None and lifetimes.needs_touch(session, now):
        await service.sessions.touch(session, now, lifetimes.expiry_of(session, now))
    return session is not None
