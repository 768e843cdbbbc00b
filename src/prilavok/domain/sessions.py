"""Words of signing in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import final
from uuid import UUID

from prilavok.domain.errors import TooManyRequests, Unauthenticated
from prilavok.domain.paging import Paging
from prilavok.domain.users import User


class InvalidCredentials(Unauthenticated):
    """Unknown login, wrong password, disabled account: one answer for all."""

    code = "invalid-credentials"


class TooManyAttempts(TooManyRequests):
    """Too many wrong passwords from this address."""

    code = "too-many-attempts"


@unique
class SessionKind(StrEnum):
    """How a session is carried."""

    COOKIE = "cookie"
    TOKEN = "token"


@final
@dataclass(frozen=True, slots=True)
class Device:
    """From where somebody signs in."""

    address: str
    user_agent: str


@final
@dataclass(frozen=True, slots=True)
class Ticket:
    """What a browser carries: the session's id and the secret that proves it."""

    session_id: UUID
    secret: str


@final
@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in device. ``ends_at``: its absolute end, whatever its use."""

    id: UUID
    user_id: UUID
    kind: SessionKind
    stamp: str
    secret_hash: str
    created_at: datetime
    ends_at: datetime
    last_seen_at: datetime
    address: str
    user_agent: str


@final
@dataclass(frozen=True, slots=True)
class SignIn:
    """Ask for a session."""

    login: str
    password: str


@final
@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Replace one's own password."""

    current_password: str
    new_password: str


@final
@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in, with what he may do."""

    user: User
    permissions: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token; ``expires_in`` in seconds."""

    access_token: str
    expires_in: int
    token_type: str = "Bearer"


@final
@dataclass(frozen=True, slots=True)
class Holder:
    """Whose session it is."""

    id: UUID
    login: str


@final
@dataclass(frozen=True, slots=True)
class SeenSession:
    """A session as people see it in a list."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    address: str
    user_agent: str
    kind: str
    current: bool
    user: Holder | None = None


@final
@dataclass(frozen=True, slots=True)
class ListSessions(Paging):
    """Which sessions to list; None means everybody's."""

    user_id: UUID | None = None
