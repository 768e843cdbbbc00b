"""Words of staff accounts."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Any, Final, TypeAlias, final
from uuid import UUID

from prilavok.domain.errors import Conflict
from prilavok.domain.paging import ListQuery

LOGIN_MAX_LENGTH: Final = 64
NAME_MAX_LENGTH: Final = 50
EMAIL_MAX_LENGTH: Final = 254
PASSWORD_MIN_LENGTH: Final = 8
PASSWORD_MAX_LENGTH: Final = 128
BATCH_MAX_CHANGES: Final = 1000
BATCH_MAX_PASSWORDS: Final = 100
EARLIEST_BIRTH: Final = date.fromisoformat("1900-01-01")
DEFAULT_LANGUAGE: Final = "en"

# What people may change on their own account without any permission.
OWN_FIELDS: Final = frozenset(
    ("first_name", "last_name", "birth_date", "language", "email"),
)
Changes: TypeAlias = dict[str, Any]


class LoginTaken(Conflict):
    """Another account has this login, whatever the case."""

    code = "login-taken"
    field = "login"


class EmailTaken(Conflict):
    """Another account has this mail, whatever the case."""

    code = "email-taken"
    field = "email"


class LastAdministrator(Conflict):
    """Nobody could administer the service any more."""

    code = "last-administrator"


@unique
class AvatarState(StrEnum):
    """How far a user's picture is."""

    NONE = "none"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


@final
@dataclass(frozen=True, slots=True)
class Avatar:
    """A user's picture; ``reason`` tells why the last upload failed."""

    state: str
    reason: str | None


@final
@dataclass(frozen=True, slots=True)
class User:
    """A staff account; ``role`` is the role's name."""

    id: UUID
    login: str
    first_name: str
    last_name: str
    email: str | None
    birth_date: date | None
    role: str
    language: str
    is_active: bool
    registered_at: datetime
    updated_at: datetime
    version: int
    avatar: Avatar


@final
@dataclass(frozen=True, slots=True)
class CreateUser:
    """Make an account."""

    login: str
    password: str
    first_name: str
    last_name: str
    role: str
    email: str | None = None
    birth_date: date | None = None
    language: str = DEFAULT_LANGUAGE
    is_active: bool = True


@final
@dataclass(frozen=True, slots=True)
class UserBatch:
    """Many changes of accounts: all of them or none; an update names its ``id``.

    It may say which ``version`` it was made from. ``current_password`` is the actor's,
    in case his own mail is among the changes.
    """

    create: tuple[CreateUser, ...] = ()
    update: tuple[Changes, ...] = ()
    delete: tuple[UUID, ...] = ()
    current_password: str | None = None


@final
@dataclass(frozen=True, slots=True)
class UserBatchDone:
    """What a batch did."""

    created: tuple[User, ...]
    updated: tuple[User, ...]
    deleted: tuple[UUID, ...]


@final
@dataclass(frozen=True, slots=True)
class ListUsers(ListQuery):
    """Which accounts to list; None means any. ``registered_to`` is excluded."""

    search: str | None = None
    role: str | None = None
    is_active: bool | None = None
    registered_from: datetime | None = None
    registered_to: datetime | None = None
