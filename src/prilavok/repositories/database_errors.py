"""What the database refuses, in the words of the domain."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final

from asyncpg import InterfaceError, InternalClientError, PostgresError
from sqlalchemy.exc import DBAPIError, EmulatedDBAPIException
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from prilavok.domain.errors import Collision, Conflict, Unavailable
from prilavok.domain.players import PlayerTaken
from prilavok.domain.roles import RoleInUse, RoleTaken
from prilavok.domain.sources import SourceTaken
from prilavok.domain.users import EmailTaken, LastAdministrator, LoginTaken

BY_CONSTRAINT: Final = MappingProxyType[str, Conflict](
    {
        "uq__users__login": LoginTaken("This login is taken."),
        "uq__users__email": EmailTaken("This mail belongs to another account."),
        "uq__roles__name": RoleTaken("This role name is taken."),
        "uq__sources__name": SourceTaken("This source name is taken."),
        "uq__players__email": PlayerTaken("Another player has this mail."),
        "fk__users__role_id": RoleInUse("Users still have this role."),
        "ck__users__last_administrator": LastAdministrator(
            "The last active administrator must stay one.",
        ),
    },
)
# Classes of SQLSTATE that pass: connection, transaction rollback, out of resources,
# operator intervention; and a server that has become read-only.
PASSING: Final = ("08", "40", "53", "57", "25006")
WHY: Final = MappingProxyType({"53100": "The database has no room left on its disk."})
SILENT: Final = "The database does not answer; try again soon."
# Invalid authorization, and no such database: the settings are wrong, or the role's.
REFUSALS: Final = ("28", "3D")
# Serialization failure, deadlock, and a lock that somebody else holds for too long.
COLLISIONS: Final = frozenset(("40001", "40P01", "55P03"))
UNREACHABLE: Final = (
    DBAPIError,
    # The adapter's own, where SQLAlchemy does not wrap it: a pool that connects.
    EmulatedDBAPIException,
    PoolTimeoutError,
    PostgresError,
    InterfaceError,
    # What asyncpg raises when the server hangs up in the middle of connecting.
    InternalClientError,
    OSError,
    TimeoutError,
)


@contextmanager
def database_errors() -> Iterator[None]:
    """Raise ``Conflict`` or ``Unavailable`` where the database refuses or is away."""
    try:
        yield
    except UNREACHABLE as error:
        raise _translated(error) from error


def is_lost_connection(error: BaseException) -> bool:
    """Tell whether the connection broke, so that a read may be tried on another."""
    if isinstance(error, PostgresError):
        return str(error.sqlstate).startswith(("08", "57P"))
    lost = (InterfaceError, InternalClientError, ConnectionError)
    return isinstance(error, lost)


def is_passing(error: BaseException) -> bool:
    """Tell whether the server says that the same may well work later."""
    return str(getattr(error, "sqlstate", None)).startswith(PASSING)


def _translated(error: Exception) -> Exception:
    cause = _driver_error(error)
    conflict = BY_CONSTRAINT.get(getattr(cause, "constraint_name", None) or "")
    if conflict is not None:
        return type(conflict)(conflict.detail)
    sqlstate = getattr(cause, "sqlstate", None)
    if sqlstate in COLLISIONS:
        return Collision("Somebody else is changing the same; try again soon.")
    if str(sqlstate).startswith(REFUSALS):
        return Unavailable(
            "The database does not let us in: its name, the role or the password "
            "is wrong.",
        )
    if sqlstate is None or is_passing(cause):
        return Unavailable(WHY.get(str(sqlstate), SILENT))
    return error


def _driver_error(error: Exception) -> Any:
    """Unwrap SQLAlchemy's error and the adapter's to the one of asyncpg."""
    adapted = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(adapted, EmulatedDBAPIException):
        return adapted.__cause__ or adapted
    return adapted or error
