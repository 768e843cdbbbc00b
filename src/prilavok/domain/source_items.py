"""Words of what sources deliver, and of what goes wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from types import MappingProxyType
from typing import Final, NamedTuple, final
from uuid import UUID

from prilavok.domain.errors import BadGateway


@unique
class SourceStatus(StrEnum):
    """How asking a source ended: the whole list, and nothing else ever happens."""

    OK = "ok"
    TIMEOUT = "timeout"
    HTTP_ERROR = "http_error"
    CONNECT_ERROR = "connect_error"
    BAD_JSON = "bad_json"
    BAD_SCHEMA = "bad_schema"
    TOO_LARGE = "too_large"
    CIRCUIT_OPEN = "circuit_open"
    DISABLED = "disabled"
    STALE = "stale"


MEANINGS: Final = MappingProxyType(
    {
        SourceStatus.OK: "it answered; an empty list is fine, too",
        SourceStatus.TIMEOUT: "its answer was not complete in time, body included",
        SourceStatus.HTTP_ERROR: "its status was not 200; redirects are not followed",
        SourceStatus.CONNECT_ERROR: "no connection: unknown name, refused, broken "
        "off, no HTTP, or an address that is not public",
        SourceStatus.BAD_JSON: "the body was empty or no JSON in UTF-8, or had NaN, "
        "an integer beyond 64 bits, or a thousand levels",
        SourceStatus.BAD_SCHEMA: "the JSON was no array, or no item of it was valid",
        SourceStatus.TOO_LARGE: "the body was larger than 1 MiB when unpacked",
        SourceStatus.CIRCUIT_OPEN: "it failed so often that it is not asked for some "
        "seconds",
        SourceStatus.DISABLED: "it is switched off, and its absence counts as complete",
        SourceStatus.STALE: "it failed, and its last good answer stands in",
    },
)


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
@dataclass(frozen=True, slots=True)
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
        fine = {SourceStatus.OK, SourceStatus.DISABLED}
        return all(source.status in fine for source in self.sources)
