"""How asking a source can end, and what that means."""

from enum import StrEnum, unique
from types import MappingProxyType
from typing import Final


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
        SourceStatus.TOO_LARGE: "the body was larger than 1 MiB when unpacked, "
        "or had more than 100,000 objects and arrays",
        SourceStatus.CIRCUIT_OPEN: "it failed so often that it is not asked for some "
        "seconds",
        SourceStatus.DISABLED: "it is switched off, and its absence counts as complete",
        SourceStatus.STALE: "it failed, and its last good answer stands in",
    },
)
# With these, nothing is missing.
FINE: Final = frozenset((SourceStatus.OK, SourceStatus.DISABLED))
