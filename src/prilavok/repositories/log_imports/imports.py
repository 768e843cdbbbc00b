"""The list of imports."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any, Final, final
from uuid import UUID

from prilavok.domain.imports import (
    Import,
    ImportCancelled,
    ImportCounts,
    ImportState,
    UnknownImport,
)
from prilavok.repositories.driver import Driver
from prilavok.repositories.import_records import to_import

COLUMNS: Final = """
id, name, state, is_sample, bytes_total, bytes_done, lines, inserted, duplicates,
rejected, error, created_at, started_at, finished_at
"""
LIST: Final = f"SELECT {COLUMNS} FROM imports ORDER BY created_at DESC, import_id DESC"
GET: Final = f"SELECT {COLUMNS} FROM imports WHERE id = $1"
GET_NUMBER: Final = "SELECT import_id FROM imports WHERE id = $1"
# Numbers are never given twice, not even those of imports that were deleted.
COUNT_EVER: Final = """
SELECT coalesce(
    pg_sequence_last_value(pg_get_serial_sequence('imports', 'import_id')), 0
)
"""
START: Final = f"""
INSERT INTO imports (name, state, is_sample, bytes_total, started_at, beat_at)
VALUES ($1, '{ImportState.RUNNING}', $2, $3, now(), now())
RETURNING id
"""
# Every block says what the whole import has come to.
UPDATE_COUNTS: Final = f"""
UPDATE imports SET bytes_done = $2, lines = $3, inserted = $4, duplicates = $5,
    rejected = $6, next_line = $7, beat_at = now()
WHERE id = $1 AND state = '{ImportState.RUNNING}' RETURNING 1
"""
FINISH: Final = f"""
UPDATE imports SET state = $2, error = $3, finished_at = now(),
    bytes_total = coalesce(bytes_total, bytes_done)
WHERE id = $1 AND state = '{ImportState.RUNNING}' RETURNING 1
"""
REMOVE: Final = "DELETE FROM imports WHERE import_id = $1"


@final
class ImportRepository:
    """Imports, newest first."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find_all(self) -> Sequence[Import]:
        """Return all of them."""
        return [to_import(record) for record in await self._driver.fetch(LIST)]

    async def get(self, public_id: UUID) -> Import:
        """Return one or raise ``UnknownImport``."""
        return to_import(_known(await self._driver.fetchrow(GET, public_id)))

    async def find_number(self, public_id: UUID) -> int:
        """Return the number that its lines carry, or raise ``UnknownImport``."""
        number: int = _known(await self._driver.fetchval(GET_NUMBER, public_id))
        return number

    async def count_ever(self) -> int:
        """Count all that ever started, deleted ones included."""
        number: int = await self._driver.fetchval(COUNT_EVER)
        return number

    async def start(self, name: str, is_sample: bool, bytes_total: int | None) -> UUID:
        """Add one that runs from now on."""
        binds = (name, is_sample, bytes_total)
        return UUID(str(await self._driver.fetchval(START, *binds)))

    async def update_counts(
        self,
        public_id: UUID,
        counts: ImportCounts,
        next_line: int,
    ) -> None:
        """Tell how far it is; raises ``ImportCancelled`` when it no longer runs."""
        binds = (*astuple(counts), next_line)
        _running(await self._driver.fetchval(UPDATE_COUNTS, public_id, *binds))

    async def finish(
        self,
        public_id: UUID,
        state: ImportState,
        error: str | None,
    ) -> None:
        """Tell how it has ended; raises ``ImportCancelled`` when it no longer runs."""
        _running(await self._driver.fetchval(FINISH, public_id, state, error))

    async def remove(self, number: int) -> None:
        """Take it out of the list; its lines have gone before."""
        await self._driver.execute(REMOVE, number)


def _running(found: Any) -> None:
    if found is None:
        raise ImportCancelled("Somebody cancelled this import.")


def _known(found: Any) -> Any:
    if found is None:
        raise UnknownImport("There is no import with this id.")
    return found
