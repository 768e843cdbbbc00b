"""Words of the change history that the database's triggers keep."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Any, final
from uuid import UUID

from prilavok.domain.paging import DEFAULT_PER_PAGE


@unique
class Operation(StrEnum):
    """What happened to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    TRUNCATE = "truncate"


@final
@dataclass(frozen=True, slots=True)
class Author:
    """Who made a change; the login is the one he had then."""

    id: UUID
    login: str


@final
@dataclass(frozen=True, slots=True)
class LastChange:
    """Who made the version that stands, if that is known, and when."""

    by: Author | None
    at: datetime


@final
@dataclass(frozen=True, slots=True)
class Change:
    """One change of one row; ``changed`` names fields, and never holds a secret.

    ``database_user``: who signed in to the database, where the change was made by
    direct SQL and not by the service.
    """

    id: UUID
    table: str
    row_id: UUID
    operation: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    changed: tuple[str, ...]
    actor: Author | None
    request_id: str | None
    database_user: str | None
    at: datetime


@final
@dataclass(frozen=True, slots=True)
class ListChanges:
    """Which changes to list, newest first; None means any. ``to`` is excluded."""

    after: UUID | None = None
    limit: int = DEFAULT_PER_PAGE
    table: str | None = None
    row_id: UUID | None = None
    actor_id: UUID | None = None
    operation: str | None = None
    field: str | None = None
    from_: datetime | None = None
    to: datetime | None = None

    @property
    def filters(self) -> dict[str, object]:
        """Collect the filters that were given, ``after`` among them."""
        given = asdict(self)
        given.pop("limit")
        return {name: wanted for name, wanted in given.items() if wanted is not None}
