"""Opening a log: plain, gzip or zstd, told by its first bytes."""

import gzip
import os
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, Final, final

import pyarrow
from typing_extensions import override

from prilavok.domain.imports import STANDARD_INPUT, UnreadableLog
from prilavok.services.log_analytics.read_limits import NO_MORE_THAN, ReadLimits

GZIP: Final = b"\x1f\x8b"
# A frame of data, or one of sixteen kinds of frames to be skipped.
ZSTD: Final = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")
MAGIC_BYTES: Final = 4
# So much of the unpacked beginning is kept, to tell what a file is that is no log.
BEGINNING_BYTES: Final = 512
# What the decoders and the file system raise.
BROKEN: Final = (OSError, EOFError, zlib.error)


@final
class LogFile:
    """A log being read; ``bytes_done`` counts what was taken from the file itself.

    ``beginning`` is how the unpacked log begins.

    Of a file that grows meanwhile only ``bytes_total`` bytes are read: those that were
    there. None: to the end, as of a pipe.
    """

    def __init__(
        self,
        name: str,
        stream: Any,
        bytes_total: int | None,
        limits: ReadLimits = NO_MORE_THAN,
    ) -> None:
        """Look at the first bytes and choose the decoder.

        Raises ``UnreadableLog`` at once for a file that is larger than the limit.
        """
        self.name = name
        self.bytes_total = bytes_total
        self.beginning = b""
        self._limits = limits
        self._check(bytes_total or 0, bytes_total or 0)
        self._bytes_read = 0
        self._counted = _Counted(stream, bytes_total)
        self._reader = _decoded(BufferedReader(self._counted))

    @property
    def bytes_done(self) -> int:
        """Count the bytes read so far."""
        return self._counted.bytes_done

    def readinto(self, room: memoryview) -> int:
        """Fill the room with the unpacked log; return its size, less only at the end.

        Raises ``UnreadableLog`` where the archive is cut or damaged, and where the
        limits are.
        """
        filled = 0
        while filled < len(room):
            try:
                size = self._reader.readinto(room[filled:])
            except BROKEN as error:
                raise UnreadableLog(f"{self.name}: {error}.") from error
            if not size:
                break
            filled += size
            self._bytes_read += size
            self._check(self._bytes_read, self.bytes_done)
        self.beginning += room[: min(filled, BEGINNING_BYTES - len(self.beginning))]
        return filled

    def _check(self, unpacked: int, packed: int) -> None:
        excess = self._limits.find_excess(unpacked, packed)
        if excess is not None:
            raise UnreadableLog(f"{self.name}: {excess}.")


@contextmanager
def open_log(path: str, limits: ReadLimits = NO_MORE_THAN) -> Iterator[LogFile]:
    """Open a file, or standard input for ``-``, for as long as the block runs."""
    if path == STANDARD_INPUT:
        yield LogFile("standard input", sys.stdin.buffer, None, limits)
        return
    try:
        stream = Path(path).open("rb", buffering=0)
    except OSError as error:
        raise UnreadableLog(f"{path}: {error.strerror}.") from error
    with stream:
        yield LogFile(Path(path).name, stream, _size(stream), limits)


@final
class _Counted(RawIOBase):
    """Counts what passes; a short read means that the stream has ended."""

    def __init__(self, stream: Any, most: int | None) -> None:
        self.bytes_done = 0
        self._stream = stream
        self._most = most

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int:
        filled = 0
        with memoryview(buffer) as whole, whole[: self._left(len(whole))] as room:
            while filled < len(room):
                size = self._stream.readinto(room[filled:])
                if not size:
                    break
                filled += size
        self.bytes_done += filled
        return filled

    def _left(self, wanted: int) -> int:
        if self._most is None:
            return wanted
        return min(wanted, self._most - self.bytes_done)


def _decoded(packed: BufferedReader) -> Any:
    magic = packed.peek(MAGIC_BYTES)
    if magic.startswith(GZIP):
        return gzip.GzipFile(fileobj=packed)
    if ZSTD.match(magic):
        source = pyarrow.PythonFile(packed, mode="r")
        return pyarrow.CompressedInputStream(source, "zstd")
    return packed


def _size(stream: Any) -> int | None:
    """Return the size of a regular file; a pipe or a device has none."""
    size = os.fstat(stream.fileno()).st_size
    return size or None
