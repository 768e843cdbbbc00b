"""Words of what sources deliver."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, final
from uuid import UUID

from prilavok.domain.errors import BadGateway
from prilavok.domain.source_statuses import FINE, SourceStatus


class SourcesIncomplete(BadGateway):
    """A strict request, and some source failed."""

    code = "sources-incomplete"


class SourceItem(NamedTuple):
    """One item; its other members are not kept."""

    id: int
    name: str


@final
@dataclass(frozen=True, slots=True)
class Delivery:
    """What a source sent: its valid items, and how many were not."""

    items: tuple[SourceItem, ...]
    dropped: int = 0


@final
@dataclass(frozen=True, slots=True)
class Credential:
    """A header that a source wants to see; its value is a secret."""

    header: str
    secret: str = field(repr=False)


@final
@dataclass(frozen=True, slots=True)
class SourceTarget:
    """What asking a source needs to know; the time-out is in seconds."""

    id: UUID
    name: str
    url: str
    timeout_s: float
    enabled: bool
    version: int
    credential: Credential | None = None


@final
@dataclass(frozen=True, slots=True, weakref_slot=True)
class SourceOutcome:
    """How one fetch ended."""

    status: SourceStatus
    items: tuple[SourceItem, ...] = ()
    dropped: int = 0
    elapsed_ms: int = 0
    error: str | None = None
    age_s: int | None = None


@final
@dataclass(frozen=True, slots=True)
class GoodAnswer:
    """The last good answer of a source, and when it came."""

    items: tuple[SourceItem, ...]
    at: datetime


@final
@dataclass(frozen=True, slots=True)
class SourceReport:
    """How one source did: ``items`` counts its valid ones, ``age_s`` of stale ones."""

    name: str
    status: SourceStatus
    items: int
    dropped: int
    elapsed_ms: int
    error: str | None
    age_s: int | None


@final
@dataclass(frozen=True, slots=True)
class FetchItems:
    """Ask all sources. ``detail``: tell how each did; ``strict``: all or nothing."""

    detail: bool = False
    strict: bool = False
    stale: bool = False


@final
@dataclass(frozen=True, slots=True)
class GatheredItems:
    """What all sources delivered together, sorted by id."""

    items: Sequence[SourceItem]
    sources: tuple[SourceReport, ...]

    @property
    def completed(self) -> bool:
        """Tell whether every source that is switched on delivered now."""
        return all(source.status in FINE for source in self.sources)
