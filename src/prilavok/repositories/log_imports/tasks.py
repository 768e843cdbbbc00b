"""What workers have to do about imports, and who is at it."""

from collections.abc import Sequence
from typing import Any, Final, final
from uuid import UUID

from prilavok.domain.import_jobs import ImportTask, LogPlace
from prilavok.domain.imports import ImportCounts, ImportState, UnknownImport
from prilavok.domain.shop_logs import NOT_FOR_FORM, RejectedLine
from prilavok.repositories.driver import Driver

QUEUED, RUNNING = ImportState.QUEUED, ImportState.RUNNING
# A bigint's advisory lock shows as two unsigned halves.
HOLDERS: Final = """
SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32 | objid::bigint)
        = hashtextextended('prilavok.import.' || id, 0)
"""
# Oldest first. Cancelled ones are unfinished until their lines are out. Those that
# somebody runs by hand have no place: they are held an instant after they appear.
UNFINISHED: Final = f"""
SELECT id FROM imports WHERE finished_at IS NULL AND NOT EXISTS ({HOLDERS})
    AND (coalesce(upload, path) IS NOT NULL OR beat_at < now() - interval '10 s')
ORDER BY created_at, import_id LIMIT $1
"""
# A worker that says nothing for so long is stopped or cut off, and whatever it does
# when it wakes up must not count: its connection is ended from here.
END_STALLED: Final = f"""
SELECT pg_terminate_backend(holder.pid)
FROM imports CROSS JOIN LATERAL ({HOLDERS}) AS holder
WHERE finished_at IS NULL AND coalesce(upload, path) IS NOT NULL
    AND beat_at < now() - make_interval(secs => $1)
"""
GET: Final = """
SELECT id, import_id, name, state, upload, path, next_line, bytes_total, bytes_done,
    lines, inserted, duplicates, rejected
FROM imports WHERE id = $1 AND finished_at IS NULL
"""
BEGIN: Final = f"""
UPDATE imports SET state = '{RUNNING}', started_at = coalesce(started_at, now()),
    beat_at = now()
WHERE id = $1 AND state IN ('{QUEUED}', '{RUNNING}') RETURNING 1
"""
BEAT: Final = "UPDATE imports SET beat_at = now() WHERE id = $1"
CLEARED: Final = """
UPDATE imports SET finished_at = now(), next_line = 1, bytes_done = 0, lines = 0,
    inserted = 0, duplicates = 0, rejected = 0
WHERE id = $1
"""
HAS_LOG_LINES: Final = """
SELECT EXISTS (
    SELECT FROM rejected_lines WHERE import_id = $1 AND reason = ANY($2::text[])
)
"""
KEEP_REJECTED: Final = """
INSERT INTO rejected_lines (import_id, line, reason, text)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[])
"""


@final
class ImportTaskRepository:
    """Imports that somebody should be working on."""

    def __init__(self, driver: Driver) -> None:
        """Work on this connection."""
        self._driver = driver

    async def find_unfinished(self, limit: int) -> Sequence[UUID]:
        """Return those that nobody works on, oldest first."""
        records = await self._driver.fetch(UNFINISHED, limit)
        return [UUID(str(record["id"])) for record in records]

    async def end_stalled(self, silent_seconds: float) -> int:
        """Cut off whoever holds an import and says nothing; tell how many."""
        return len(await self._driver.fetch(END_STALLED, silent_seconds))

    async def find(self, public_id: UUID) -> ImportTask | None:
        """Return what is left to do, None when it is nothing."""
        found: Any = await self._driver.fetchrow(GET, public_id)
        return None if found is None else _task(found)

    async def begin(self, public_id: UUID) -> bool:
        """Let it run; tell whether that is still wanted."""
        return await self._driver.fetchval(BEGIN, public_id) is not None

    async def beat(self, public_id: UUID) -> None:
        """Say that somebody works on it."""
        await self._driver.execute(BEAT, public_id)

    async def end_cleared(self, public_id: UUID) -> None:
        """Say that nothing of it is left."""
        await self._driver.execute(CLEARED, public_id)

    async def get(self, public_id: UUID) -> ImportTask:
        """Return what is left to do, or raise ``UnknownImport``."""
        task = await self.find(public_id)
        if task is None:
            raise UnknownImport("This import is gone.")
        return task

    async def has_log_lines(self, number: int) -> bool:
        """Tell whether any rejected line of an import has the form of the log's."""
        reasons = list(NOT_FOR_FORM)
        return bool(await self._driver.fetchval(HAS_LOG_LINES, number, reasons))

    async def keep_rejected(self, number: int, kept: Sequence[RejectedLine]) -> None:
        """Store rejected lines."""
        if kept:
            await self._driver.execute(
                KEEP_REJECTED,
                number,
                [line.line for line in kept],
                [line.reason for line in kept],
                [line.text for line in kept],
            )


def _task(found: Any) -> ImportTask:
    return ImportTask(
        id=UUID(str(found["id"])),
        number=found["import_id"],
        name=found["name"],
        state=ImportState(found["state"]),
        place=LogPlace(found["upload"], found["path"]),
        bytes_total=found["bytes_total"],
        counts=ImportCounts(
            found["bytes_done"],
            found["lines"],
            found["inserted"],
            found["duplicates"],
            found["rejected"],
        ),
        next_line=found["next_line"],
    )
