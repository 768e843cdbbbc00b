"""Who may do what. Roles are data: a role's row names its permissions."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum, unique
from hmac import compare_digest
from typing import Final, TypeAlias, final
from uuid import UUID

from prilavok.domain.errors import Forbidden, Unauthenticated
from prilavok.domain.origins import origin_of


@unique
class Permission(StrEnum):
    """One right a route can ask for and a role's row can hold."""

    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    ROLES_READ = "roles:read"
    ROLES_WRITE = "roles:write"
    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    PLAYERS_READ = "players:read"
    PLAYERS_WRITE = "players:write"
    SOURCES_READ = "sources:read"
    SOURCES_WRITE = "sources:write"
    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    HISTORY_READ = "history:read"
    REPORTS_READ = "reports:read"

    @property
    def allows(self) -> str:
        """Say in words what its holder may do."""
        thing, verb = self.value.split(":")
        return f"{verb} {thing}".capitalize()


@unique
class Audience(Enum):
    """Whom a route serves that asks for no permission."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"


SESSION_ENDED: Final = "The session has ended; sign in again."
ANYONE: Final = Audience.ANYONE
SIGNED_IN: Final = Audience.SIGNED_IN
Allow: TypeAlias = Permission | Audience


@final
@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, in which request; handed down so that history can name both.

    The permissions are those of the user's role row when the request was admitted.
    ``session_id`` and ``stamp`` are set for whoever came by a session: a transaction
    that writes for them checks both again (``check_unchanged``).
    """

    request_id: str
    user_id: UUID | None = None
    permissions: frozenset[str] = frozenset()
    login: str = ""
    session_id: UUID | None = None
    stamp: str = ""
    address: str = ""

    @property
    def origin(self) -> str:
        """Name whom limits hold to be one client."""
        return origin_of(self.address)


@final
@dataclass(frozen=True, slots=True)
class Standing:
    """What an account may do at this moment."""

    login: str
    is_active: bool
    stamp: str
    permissions: frozenset[str]


def check_access(actor: Actor, allow: Allow, owner_id: UUID | None = None) -> None:
    """Raise unless the actor is allowed in, or the owner of what is asked for."""
    if allow is ANYONE:
        return
    if actor.user_id is None:
        raise Unauthenticated("Sign in first.")
    allowed = allow is SIGNED_IN or allow in actor.permissions
    if not allowed and actor.user_id != owner_id:
        raise Forbidden(f"This needs the permission {allow.value}.")


def check_signed_in(stamp: str, standing: Standing | None) -> Standing:
    """Return the standing, or raise unless a session of this stamp is still valid.

    It is not when its user is gone or disabled, or when the stamp was renewed.
    """
    if standing is None or not standing.is_active:
        raise Unauthenticated(SESSION_ENDED)
    if not compare_digest(standing.stamp, stamp):
        raise Unauthenticated(SESSION_ENDED)
    return standing


def check_unchanged(actor: Actor, standing: Standing | None) -> None:
    """Raise when the actor lost something since the request was admitted.

    Any lost permission refuses the request, also one that it does not need: nobody
    has to know here which of them the request relied on.
    """
    current = check_signed_in(actor.stamp, standing)
    if not actor.permissions <= current.permissions:
        raise Forbidden("You lost a permission meanwhile; send the request again.")


def check_holds(actor: Actor, permissions: Iterable[str]) -> None:
    """Raise unless the actor himself holds each of these permissions.

    Whoever could grant what he lacks, or change the account of somebody who holds
    it, would soon hold it himself.
    """
    lacking = sorted(set(permissions) - actor.permissions)
    if lacking:
        listed = ", ".join(lacking)
        raise Forbidden(f"You lack what this touches: {listed}.")
