"""Reading an answer: its status, and its body up to a limit, unpacked as it comes."""

import zlib
from http import HTTPStatus
from typing import Final, final

from prilavok.clients.json_sources.port import FetchFailed
from prilavok.clients.json_sources.unpacking import Unpacker
from prilavok.domain.source_statuses import SourceStatus

MAX_BYTES: Final = 1024 * 1024
DEFLATE: Final = "deflate"
PACKED: Final = frozenset(("gzip", "x-gzip", DEFLATE))
PLAIN: Final = frozenset(("", "identity"))
# 203: a proxy on the way has changed something, which is an answer all the same.
GOOD: Final = frozenset((HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION))


def check_status(status: int) -> None:
    """Raise ``FetchFailed`` for any status but 200 and 203."""
    if status not in GOOD:
        raise FetchFailed(SourceStatus.HTTP_ERROR, f"It answered with {status}.")


@final
class BodyReader:
    """Collects a body; no more than the limit is ever in memory.

    Raises ``FetchFailed``: ``too_large`` as soon as it is, ``bad_json`` for what
    cannot be unpacked.
    """

    def __init__(self, coding: str | None, max_bytes: int = MAX_BYTES) -> None:
        """Take the answer's ``Content-Encoding``, a list."""
        self._max_bytes = max_bytes
        self._body = bytearray()
        named = [one.strip().lower() for one in (coding or "").split(",")]
        self._packed = [one for one in named if one not in PLAIN]
        if len(self._packed) > 1 or not PACKED.issuperset(self._packed):
            raise FetchFailed(
                SourceStatus.BAD_JSON,
                "Its Content-Encoding was not asked for.",
            )
        self._unpacker = Unpacker(may_be_raw=DEFLATE in named)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes from the network."""
        room = self._max_bytes - len(self._body) + 1
        self._body += self._unpack(chunk, room) if self._packed else chunk[:room]
        if len(self._body) > self._max_bytes:
            raise FetchFailed(
                SourceStatus.TOO_LARGE,
                f"Its body is larger than {self._max_bytes} bytes.",
            )

    def finish(self) -> bytes:
        """Return the whole body."""
        is_whole = not self._packed or self._unpacker.is_whole
        if self._body and not is_whole:
            raise FetchFailed(SourceStatus.BAD_JSON, "Its packed body is cut off.")
        return bytes(self._body)

    def _unpack(self, chunk: bytes, room: int) -> bytes:
        try:
            return self._unpacker.unpack(chunk, room)
        except zlib.error as error:
            raise FetchFailed(
                SourceStatus.BAD_JSON,
                "Its body is not packed as its Content-Encoding says.",
            ) from error
