"""Words of roles: named sets of permissions."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias, final
from uuid import UUID

from prilavok.domain.errors import Conflict
from prilavok.domain.paging import ListQuery

ADMIN: Final = "Admin"
USER: Final = "User"
NAME_MAX_LENGTH: Final = 64

Changes: TypeAlias = dict[str, Any]


class RoleTaken(Conflict):
    """Another role has this name, whatever the case."""

    code = "role-taken"
    field = "name"


class RoleInUse(Conflict):
    """Users still have this role."""

    code = "role-in-use"


class BuiltInRole(Conflict):
    """The service itself relies on this role."""

    code = "built-in-role"


@final
@dataclass(frozen=True, slots=True)
class Role:
    """A role as administrators see it; ``users`` counts its holders."""

    id: UUID
    name: str
    permissions: tuple[str, ...]
    built_in: bool
    users: int
    version: int


@final
@dataclass(frozen=True, slots=True)
class CreateRole:
    """Make a role."""

    name: str
    permissions: frozenset[str]


@final
@dataclass(frozen=True, slots=True)
class RoleBatch:
    """Many changes of roles: all of them or none."""

    create: tuple[CreateRole, ...] = ()
    update: tuple[Changes, ...] = ()
    delete: tuple[UUID, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class RoleBatchDone:
    """What a batch of roles did."""

    created: tuple[Role, ...]
    updated: tuple[Role, ...]
    deleted: tuple[UUID, ...]


@final
@dataclass(frozen=True, slots=True)
class ListRoles(ListQuery):
    """Which roles to list; None means any."""

    search: str | None = None
