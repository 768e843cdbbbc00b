"""What a fetcher of sources promises, whatever its paradigm."""

from types import MappingProxyType
from typing import Final, Protocol

from prilavok.domain.source_items import SourceTarget
from prilavok.domain.source_statuses import SourceStatus

ERROR_MAX_LENGTH: Final = 200
# Read from the network at once.
CHUNK_BYTES: Final = 65536
# Any header of ours; a source's credential comes on top.
HEADERS: Final = MappingProxyType(
    {
        "Accept": "application/json",
        # What BodyReader can unpack.
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": "prilavok",
    },
)


class FetchFailed(Exception):
    """A source did not deliver; the status says how, ``error`` in a sentence."""

    def __init__(self, status: SourceStatus, error: str) -> None:
        """Keep the sentence short."""
        super().__init__(error)
        self.status = status
        self.error = error[:ERROR_MAX_LENGTH]


class BodyFetcher(Protocol):
    """Fetches bodies, any number of them at once."""

    async def fetch(self, target: SourceTarget) -> bytes:
        """Fetch once, or raise ``FetchFailed``; the caller bounds the time.

        Cancelled, it closes its connection at once.
        """

    async def close(self) -> None:
        """Close the connections that were kept."""


def request_headers(target: SourceTarget) -> dict[str, str]:
    """Say what we want, and show the source its credential."""
    headers = dict(HEADERS)
    if target.credential is not None:
        headers[target.credential.header] = target.credential.secret
    return headers
