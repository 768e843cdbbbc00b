"""Words of imports: a log on its way into the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Final, final
from uuid import UUID

from prilavok.domain.errors import Conflict, DomainError, NotFound

STANDARD_INPUT: Final = "-"


class UnreadableLog(DomainError):
    """The file is not there, may not be read, or is a damaged archive."""

    code = "unreadable-log"


class UnknownImport(NotFound):
    """No import has this id."""

    code = "unknown-import"


class ImportRunning(Conflict):
    """The import has not ended yet."""

    code = "import-running"


class ImportCancelled(Conflict):
    """The import was cancelled while somebody worked on it."""

    code = "import-cancelled"


@unique
class ImportState(StrEnum):
    """How far an import is."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@final
@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What became of the lines; ``bytes_done`` counts the file's, packed or not."""

    bytes_done: int = 0
    lines: int = 0
    inserted: int = 0
    duplicates: int = 0
    rejected: int = 0

    def __add__(self, other: "ImportCounts") -> "ImportCounts":
        """Add the lines up; the later ``bytes_done`` stands."""
        return ImportCounts(
            bytes_done=max(self.bytes_done, other.bytes_done),
            lines=self.lines + other.lines,
            inserted=self.inserted + other.inserted,
            duplicates=self.duplicates + other.duplicates,
            rejected=self.rejected + other.rejected,
        )


@final
@dataclass(frozen=True, slots=True)
class CheckedLog:
    """A log that was only looked at; whether lines are known already is open.

    ``error`` says why an import of it would fail; None where it would not.
    """

    name: str
    lines: int
    valid: int
    rejected: int
    error: str | None = None


@final
@dataclass(frozen=True, slots=True)
class Import:
    """An import as staff see it.

    ``bytes_total`` is None while it is not known, as for standard input.
    ``lines = inserted + duplicates + rejected``, always.
    """

    id: UUID
    name: str
    state: ImportState
    is_sample: bool
    bytes_total: int | None
    bytes_done: int
    lines: int
    inserted: int
    duplicates: int
    rejected: int
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing will change any more.

        A cancelled one has ended when its lines are out of everything.
        """
        return self.finished_at is not None

    @property
    def lines_per_second(self) -> float | None:
        """Return the speed from start to end; None while that is unknown."""
        if self.started_at is None or self.finished_at is None:
            return None
        seconds = (self.finished_at - self.started_at).total_seconds()
        return self.lines / seconds if seconds else None
