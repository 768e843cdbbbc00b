"""Words of the registry of sources: servers that each hold part of a list."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias, final
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from prilavok.domain.errors import Conflict
from prilavok.domain.paging import ListQuery
from prilavok.domain.source_items import Credential

NAME_MAX_LENGTH: Final = 64
URL_MAX_LENGTH: Final = 2048
CREDENTIAL_MAX_LENGTH: Final = 4096
# All are asked at once, so nothing that bounds concurrency may be smaller.
MAX_SOURCES: Final = 500
MAX_POSITION: Final = 1_000_000
PORTS: Final = MappingProxyType({"http": 80, "https": 443})

Changes: TypeAlias = dict[str, Any]


class SourceTaken(Conflict):
    """Another source has this name, whatever the case."""

    code = "source-taken"
    field = "name"


class TooManySources(Conflict):
    """The registry is full."""

    code = "too-many-sources"


@final
@dataclass(frozen=True, slots=True)
class LastFetch:
    """What came of asking a source the last time; ``items`` counts the valid ones."""

    status: str
    items: int
    elapsed_ms: int
    error: str | None
    at: datetime


@final
@dataclass(frozen=True, slots=True)
class Source:
    """A source as staff see it; of a credential only that there is one.

    Where two sources have an item of the same id, the lower ``position`` wins.
    """

    id: UUID
    name: str
    url: str
    timeout_s: float
    position: int
    enabled: bool
    has_credential: bool
    version: int
    last: LastFetch | None = None


@final
@dataclass(frozen=True, slots=True)
class CreateSource:
    """Add a source; without a position it comes last."""

    name: str
    url: str
    timeout_s: float | None = None
    position: int | None = None
    enabled: bool = True
    credential: Credential | None = None


@final
@dataclass(frozen=True, slots=True)
class ListSources(ListQuery):
    """Which sources to list; None means any."""

    search: str | None = None
    enabled: bool | None = None


def check_url(url: str) -> None:
    """Raise ``ValueError`` with a sentence unless a source can have this address."""
    if len(url) > URL_MAX_LENGTH:
        raise ValueError(f"Longer than {URL_MAX_LENGTH} characters.")
    if not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("An address has no spaces, backslashes or control characters.")
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("An http or https address with a host.")
    _check_rest(parts)


def host_and_port(url: str) -> tuple[str, int]:
    """Tell where an address that ``check_url`` let pass connects to."""
    parts = urlsplit(url)
    return str(parts.hostname), parts.port or PORTS[parts.scheme]


def same_origin(one: str, other: str) -> bool:
    """Tell whether two addresses lead to the same server."""
    schemes = {urlsplit(url).scheme for url in (one, other)}
    return len(schemes) == 1 and host_and_port(one) == host_and_port(other)


def _check_rest(parts: SplitResult) -> None:
    if parts.username is not None or parts.password is not None:
        raise ValueError("No login in the address: that is what credential is for.")
    if "%" in str(parts.hostname):
        raise ValueError("No name of a host has a percent sign.")
    # Reading it raises, too.
    if parts.port == 0:
        raise ValueError("Port 0 is none.")
