"""Words of imports as background work: what arrives, and what is left to do."""

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass
from typing import Final, final
from uuid import UUID

from prilavok.domain.errors import Invalid, TooManyRequests, Unavailable
from prilavok.domain.imports import ImportCounts, ImportState
from prilavok.domain.paging import DEFAULT_PER_PAGE, ListQuery
from prilavok.domain.shop_logs import RejectedLine

# Of one import; later ones are only counted.
MAX_REJECTED_KEPT: Final = 100_000


class KeyReused(Invalid):
    """An ``Idempotency-Key`` came back with another file."""

    code = "idempotency-key-reused"


class TooManyImports(TooManyRequests):
    """As many imports of this user as he may have wait or run already."""

    code = "too-many-imports"


class FileStoreFull(Unavailable):
    """There is no room for the file that is coming."""

    code = "file-store-full"


@final
@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where a worker finds a log: in the file store, or inside LOG_IMPORT_DIR."""

    upload: str | None = None
    path: str | None = None


@final
@dataclass(frozen=True, slots=True)
class ImportTask:
    """What is left to do of an import; ``number`` is what its lines carry.

    ``bytes_total``: how many there were when it was brought; what is written to the
    file later is none of it.
    """

    id: UUID
    number: int
    name: str
    state: ImportState
    place: LogPlace
    bytes_total: int | None
    counts: ImportCounts
    next_line: int


@final
@dataclass(frozen=True, slots=True)
class NewImport:
    """A log that arrived; ``digest`` is its SHA-256 where a key is bound to it."""

    name: str
    place: LogPlace
    bytes_total: int | None
    digest: str = ""


@final
@dataclass(frozen=True, slots=True)
class AcceptedImport:
    """What whoever brings a log is told; never more, so that it can be repeated."""

    id: UUID
    name: str
    bytes_total: int | None
    state: ImportState = ImportState.QUEUED
    bytes_done: int = 0
    lines: int = 0
    inserted: int = 0
    duplicates: int = 0
    rejected: int = 0
    error: None = None
    started_at: None = None
    finished_at: None = None
    lines_per_second: None = None
    is_repeated: bool = False


@final
@dataclass(frozen=True, slots=True)
class BringPath:
    """A command: bring in a file that lies inside LOG_IMPORT_DIR."""

    path: str


@final
@dataclass(frozen=True, slots=True)
class ListImports(ListQuery):
    """Which imports to list."""

    state: ImportState | None = None


@final
@dataclass(frozen=True, slots=True)
class ListRejected:
    """Which rejected lines to list: those behind the line ``after``, in file order."""

    after: int = 0
    limit: int = DEFAULT_PER_PAGE


@final
@dataclass(frozen=True, slots=True)
class RejectedStretch:
    """Some rejected lines; ``next`` is what to ask ``after`` next, None at the end."""

    items: Sequence[RejectedLine]
    next: str | None


@final
@dataclass(frozen=True, slots=True)
class Upload:
    """A log that is arriving; the name is for people, and never becomes a path.

    ``size`` is what the request says of itself, at least; 0 when it says nothing.
    """

    name: str
    chunks: AsyncIterable[bytes]
    size: int = 0


@final
@dataclass(frozen=True, slots=True)
class OwnedKey:
    """An ``Idempotency-Key``, which is its sender's own."""

    actor_id: UUID
    key: str
