"""Everything a service may refuse to do.

A feature adds a leaf class with its own ``code``; its parent decides the HTTP
status, so transport does not change when a feature grows a new refusal.
"""

from collections.abc import Mapping
from typing import ClassVar

from prilavok.domain.history import LastChange


class DomainError(Exception):
    """Root of the tree; never raised itself.

    ``errors`` maps JSON pointers (RFC 6901) into the body to sentences, where the
    refusal is about a place in it; a leaf that always means one field names it.
    """

    code: ClassVar[str]
    field: ClassVar[str | None] = None

    def __init__(self, detail: str) -> None:
        """Say what went wrong this time, in a sentence for the caller."""
        super().__init__(detail)
        self.detail = detail
        self.errors: Mapping[str, str] = {}
        if self.field is not None:
            self.errors = {f"/{self.field}": detail}

    def locate(self, prefix: str) -> None:
        """Say that all this is about a part of the body, as in a batch."""
        found = self.errors or {"": self.detail}
        self.errors = {f"{prefix}{pointer}": text for pointer, text in found.items()}


class Unauthenticated(DomainError):
    """Nobody is signed in."""

    code = "unauthenticated"


class Forbidden(DomainError):
    """The signed-in user may not do this."""

    code = "forbidden"


class NotFound(DomainError):
    """The thing asked for does not exist."""

    code = "not-found"


class Conflict(DomainError):
    """The request contradicts what is already stored."""

    code = "conflict"


class Invalid(DomainError):
    """Well-formed, but refused for what stands at places of the body."""

    code = "invalid-request"

    def __init__(self, errors: Mapping[str, str]) -> None:
        """Name every place at once."""
        super().__init__("The request does not have the form it must have.")
        self.errors = errors


class Stale(DomainError):
    """Somebody changed the thing since the caller read it."""

    code = "stale"

    def __init__(self, current: int) -> None:
        """Tell which version stands now."""
        super().__init__(f"It was changed meanwhile; the current version is {current}.")
        self.current = current
        self.last_change: LastChange | None = None


class BadGateway(DomainError):
    """Somebody else's server, whose answer this needs, failed."""

    code = "bad-gateway"


class Later(DomainError):
    """Not now: the same request may succeed after ``retry_after`` seconds."""

    code = "later"

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        """Say why, and when to come back."""
        super().__init__(detail)
        self.retry_after = retry_after


class TooManyRequests(Later):
    """The caller asks more often than he may."""

    code = "too-many-requests"


class Unavailable(Later):
    """A system we depend on did not answer, or we are too busy to."""

    code = "unavailable"


class Collision(Unavailable):
    """Another transaction was in the way; the same work may succeed at once."""
