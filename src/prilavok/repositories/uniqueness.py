"""Uniqueness that is asked for when all of a batch is done, not after each step."""

from collections.abc import Collection, Sequence
from types import MappingProxyType
from typing import Any, Final, final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from prilavok.domain.errors import Collision, Conflict
from prilavok.repositories.database_errors import BY_CONSTRAINT, database_errors
from prilavok.repositories.tables.accounts import RoleRow, UserRow

DEFERRABLE: Final = MappingProxyType[str, InstrumentedAttribute[Any]](
    {
        "uq__users__login": UserRow.login,
        "uq__users__email": UserRow.email,
        "uq__roles__name": RoleRow.name,
    },
)
NAMES: Final = ", ".join(DEFERRABLE)
DEFER: Final = text(f"SET CONSTRAINTS {NAMES} DEFERRED")
CHECK: Final = text(f"SET CONSTRAINTS {NAMES} IMMEDIATE")


@final
class Uniqueness:
    """Logins and mails of users, and names of roles."""

    def __init__(self, session: AsyncSession) -> None:
        """Speak of the caller's transaction."""
        self._session = session

    async def defer(self) -> None:
        """Let rows be alike until ``check``."""
        await self._session.execute(DEFER)

    async def find_alike(
        self,
        constraint: str,
        ids: Collection[UUID],
    ) -> Sequence[frozenset[UUID]]:
        """Group the rows that are alike, where one of these is among them."""
        column = DEFERRABLE[constraint]
        table = column.class_
        lowered = func.lower(column)
        theirs = select(lowered).where(table.id.in_(ids))
        alike = (
            select(func.array_agg(table.id))
            .where(lowered.in_(theirs))
            .group_by(lowered)
            .having(func.count() > 1)
        )
        return [frozenset(group) for group in await self._session.scalars(alike)]

    def refusal(self, constraint: str) -> Conflict:
        """Put into words what the constraint refuses."""
        known = BY_CONSTRAINT[constraint]
        return type(known)(known.detail)

    async def check(self) -> None:
        """Ask the constraints themselves, as ``find_alike`` sees nobody else's work.

        Whoever was faster has committed by then: done again, the batch meets his rows
        where ``find_alike`` sees them.
        """
        try:
            with database_errors():
                await self._session.execute(CHECK)
        except Conflict as error:
            raise Collision("Somebody else took the same name; try again.") from error
