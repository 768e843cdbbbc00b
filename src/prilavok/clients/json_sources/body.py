"""Reading an answer: its status, and its body up to a limit, unpacked as it comes."""

import zlib
from http import HTTPStatus
from typing import Final, final

from prilavok.clients.json_sources.port import FetchFailed
from prilavok.domain.source_statuses import SourceStatus

MAX_BYTES: Final = 1024 * 1024
GZIP_OR_ZLIB: Final = 47
PACKED: Final = frozenset(("gzip", "x-gzip", "deflate"))
PLAIN: Final = frozenset(("", "identity"))


def check_status(status: int) -> None:
    """Raise ``FetchFailed`` for any status but 200."""
    if status != HTTPStatus.OK:
        raise FetchFailed(SourceStatus.HTTP_ERROR, f"It answered with {status}.")


@final
class BodyReader:
    """Collects a body; no more than the limit is ever in memory.

    Raises ``FetchFailed``: ``too_large`` as soon as it is, ``bad_json`` for what
    cannot be unpacked.
    """

    def __init__(self, coding: str | None, max_bytes: int = MAX_BYTES) -> None:
        """Take the answer's ``Content-Encoding``."""
        self._max_bytes = max_bytes
        self._body = bytearray()
        self._coding = (coding or "").strip().lower()
        if self._coding not in PACKED | PLAIN:
            raise FetchFailed(
                SourceStatus.BAD_JSON,
                "Its Content-Encoding was not asked for.",
            )
        self._unpacker = zlib.decompressobj(GZIP_OR_ZLIB)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes from the network."""
        room = self._max_bytes - len(self._body) + 1
        is_plain = self._coding in PLAIN
        self._body += chunk[:room] if is_plain else self._unpack(chunk, room)
        if len(self._body) > self._max_bytes:
            raise FetchFailed(
                SourceStatus.TOO_LARGE,
                f"Its body is larger than {self._max_bytes} bytes.",
            )

    def finish(self) -> bytes:
        """Return the whole body."""
        is_whole = self._coding in PLAIN or self._unpacker.eof
        if self._body and not is_whole:
            raise FetchFailed(SourceStatus.BAD_JSON, "Its packed body is cut off.")
        return bytes(self._body)

    def _unpack(self, chunk: bytes, room: int) -> bytes:
        try:
            return self._unpacker.decompress(chunk, room)
        except zlib.error as error:
            raise FetchFailed(
                SourceStatus.BAD_JSON,
                "Its body is not packed as its Content-Encoding says.",
            ) from error
