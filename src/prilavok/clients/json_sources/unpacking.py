"""Unpacking bodies as they come, whatever servers call gzip and deflate.

A gzip body may have several members, one behind the other (RFC 1952, 2.2). Deflate
means the zlib format (RFC 9110, 8.4.1.2), but some servers send it without that
format's head and check sum.
"""

import zlib
from typing import Any, Final, final

from prilavok.clients.json_sources.port import FetchFailed
from prilavok.domain.source_statuses import SourceStatus

GZIP: Final = b"\x1f\x8b"
GZIP_BITS: Final = 31
ZLIB_BITS: Final = 15
RAW_BITS: Final = -15
HEAD_BYTES: Final = 2
# A zlib stream's first two bytes are a multiple of this number, and the lower half of
# the first one is the method (RFC 1950, 2.2).
ZLIB_CHECK: Final = 31
DEFLATE_METHOD: Final = 8
METHOD_MASK: Final = 15
# Empty ones cost time, and no limit of unpacked bytes is ever reached.
MOST_MEMBERS: Final = 1000


@final
class Unpacker:
    """Unpacks one body; what stands behind its end is padding."""

    def __init__(self, *, may_be_raw: bool) -> None:
        """Tell by its first bytes how it is packed."""
        self._may_be_raw = may_be_raw
        self._stream: Any = None
        self._waiting = b""
        self._members = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether the body may end here."""
        is_ended = self._stream is not None and self._stream.eof
        return bool(is_ended) and self._waiting != GZIP[:1]

    def unpack(self, chunk: bytes, room: int) -> bytes:
        """Unpack the next bytes; return no more than there is room for, then stop.

        Raises ``zlib.error``, and ``FetchFailed`` for too many members.
        """
        found = bytearray()
        packed = self._waiting + chunk
        self._waiting = b""
        while packed and len(found) < room:
            is_between = self._stream is None or self._stream.eof
            if is_between and not self._begin(packed):
                break
            found += self._stream.decompress(packed, room - len(found))
            packed = self._stream.unused_data
        return bytes(found)

    def _begin(self, packed: bytes) -> bool:
        """Begin with another member; False where there is none, or not yet."""
        if len(packed) < HEAD_BYTES:
            self._waiting = packed
            return False
        is_first = self._stream is None
        if packed.startswith(GZIP):
            self._count()
            self._stream = zlib.decompressobj(GZIP_BITS)
        elif is_first:
            is_raw = self._may_be_raw and not _is_zlib(packed)
            self._stream = zlib.decompressobj(RAW_BITS if is_raw else ZLIB_BITS)
        return is_first or packed.startswith(GZIP)

    def _count(self) -> None:
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise FetchFailed(
                SourceStatus.TOO_LARGE,
                f"It is packed in more than {MOST_MEMBERS} parts.",
            )


def _is_zlib(packed: bytes) -> bool:
    is_deflated = packed[0] & METHOD_MASK == DEFLATE_METHOD
    return is_deflated and not int.from_bytes(packed[:HEAD_BYTES]) % ZLIB_CHECK
