"""A closer look at the stores, for whoever installs the service."""

from dataclasses import dataclass
from typing import Final, final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.health import Dependency
from prilavok.repositories.database_errors import database_errors

REVISION: Final = text("SELECT version_num FROM alembic_version")
SERVER_VERSION: Final = text("SELECT current_setting('server_version_num')::int")
NEEDED_VERSION: Final = 180000
CAN_WRITE_HISTORY: Final = text(
    "SELECT has_table_privilege('history', 'INSERT, UPDATE, DELETE, TRUNCATE')",
)


@final
@dataclass(frozen=True, slots=True)
class Examination:
    """Asks PostgreSQL what it is and what we may do there."""

    engine: AsyncEngine

    async def examine(self, newest_revision: str) -> tuple[Dependency, ...]:
        """Compare what is found with what is needed."""
        with database_errors():
            async with self.engine.connect() as connection:
                number = await connection.scalar(SERVER_VERSION)
                revision = await connection.scalar(REVISION)
                writes = await connection.scalar(CAN_WRITE_HISTORY)
        return (
            _found("PostgreSQL 18", number >= NEEDED_VERSION, f"It is {number}."),
            _found(
                "migrations",
                revision == newest_revision,
                f"At {revision}, not {newest_revision}: run `prilavok migrate`.",
            ),
            _found(
                "history is read-only",
                not writes,
                "The service's role may change it: use a role of its own.",
            ),
        )


def _found(name: str, ok: bool, otherwise: str) -> Dependency:
    return Dependency(name, ok, None if ok else otherwise)
