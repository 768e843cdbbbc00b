"""Cutting a log into blocks of whole lines, in bounded memory whatever it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, repeat
from mmap import MAP_PRIVATE, mmap
from typing import Final, Protocol, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from prilavok.domain.shop_logs import MAX_LINE_BYTES

Characters: TypeAlias = NDArray[np.uint8]
Numbers: TypeAlias = NDArray[np.int64]

# With 18 MB an import is a little faster, but one of as many categories as lines needs
# more memory than it may have (`tests/faults/test_import_memory.py`).
BLOCK_BYTES: Final = 16_000_000
# The first blocks are smaller, so that the database has something to do soon.
RAMP: Final = 8
BLOCK_LINES: Final = 147_456
# Ends of lines are looked for in so many bytes at once, which stay in the cache. There
# are no more than a block may have.
PIECE_BYTES: Final = BLOCK_LINES
BOM: Final = b"\xef\xbb\xbf"
LF: Final = b"\n"
CR: Final = b"\r"
BLANKS: Final = b" \t"
# Of a line that is longer only this beginning is kept. An end of line does not count.
KEPT_BYTES: Final = MAX_LINE_BYTES + 2
# Behind it come a character that stands for the middle, and the last one.
REST_BYTES: Final = KEPT_BYTES + 2
NO_FILE: Final = -1


class ByteSource(Protocol):
    """A file, or whatever else can be read like one."""

    def readinto(self, room: memoryview, /) -> int:
        """Fill the room; return how many bytes came, fewer only at the end."""


@final
@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines: line ``i`` is ``text[starts[i]:ends[i]]``, without its end of line.

    ``first_line`` is the number of line 0 in its file, counted from 1. The text is
    there until the next block is asked for, which comes in the same memory.
    """

    text: Characters
    first_line: int
    starts: Numbers
    ends: Numbers

    @property
    def rest(self) -> bytes | None:
        """Return the last line if it has no LF; nobody knows how it would go on."""
        if not len(self.text) or self.text[-1] == ord(LF):
            return None
        return self.text[self.starts[-1] : self.ends[-1]].tobytes()


def read_blocks(source: ByteSource, size: int = BLOCK_BYTES) -> Iterator[Block]:
    """Yield the lines of a source in blocks of at most about ``size`` bytes, in order.

    Lines end at LF. Of a line that is too long only its beginning is kept; it stays
    too long, and stays blank if it is.
    """
    parts = chain.from_iterable(map(_split, _whole_lines(source, size)))
    return map(_Counted().find_lines, parts)


def _whole_lines(source: ByteSource, size: int) -> Iterator[Characters]:
    window = _Window(source, size)
    window.skip(BOM)
    for room in _rooms(size):
        if not window.read_on(room):
            break
        yield window.lines
    yield window.everything


def _rooms(size: int) -> Iterator[int]:
    first = max(size // RAMP, 1)
    yield first
    yield from accumulate(repeat(size), _doubled, initial=first)


def _doubled(size: int, most: int) -> int:
    return min(2 * size, most)


@final
class _Window:
    """What was read last, always in the same memory.

    New memory for each block would be cleared by the system, page by page.
    """

    def __init__(self, source: ByteSource, size: int) -> None:
        self._source = source
        self._memory = mmap(NO_FILE, REST_BYTES + max(size, 1), MAP_PRIVATE)
        self._characters = np.frombuffer(self._memory, np.uint8)
        self._lines = 0
        self._end = 0

    @property
    def lines(self) -> Characters:
        """Return the lines that have an end."""
        return self._characters[: self._lines]

    @property
    def everything(self) -> Characters:
        """Return the lines, and behind them what has no end of line yet."""
        return self._characters[: self._end]

    def skip(self, mark: bytes) -> None:
        """Read over the mark, if the source begins with it."""
        self._read(0, len(mark))
        self._lines = len(mark) * (self._memory[: self._end] == mark)

    def read_on(self, size: int) -> bool:
        """Read so many bytes more behind the rest; False at the end of the source."""
        rest = _shorten(self._memory[self._lines : self._end])
        self._memory.seek(0)
        self._memory.write(rest)
        return self._read(len(rest), size)

    def _read(self, begin: int, size: int) -> bool:
        room = memoryview(self._memory)[begin : begin + size]
        self._end = begin + self._source.readinto(room)
        self._lines = self._memory.rfind(LF, 0, self._end) + 1
        return self._end > begin


@final
class _Counted:
    """Finds lines, and counts those before them."""

    def __init__(self) -> None:
        self._next_line = 1

    def find_lines(self, part: tuple[Characters, Numbers]) -> Block:
        """Tell where the lines are in a text of which the ends are known."""
        text, ends = part
        starts = np.append(0, ends[:-1] + 1)
        # Before the end of an empty line is no CR but the LF of another line.
        before = text[np.maximum(ends, 1) - 1]
        first_line = self._next_line
        self._next_line += len(starts)
        return Block(text, first_line, starts, ends - (before == ord(CR)))


def _shorten(line: bytes) -> bytes:
    """Leave out the middle of a line that is too long; its last byte may be a CR."""
    middle = line[KEPT_BYTES:-1]
    if len(middle) <= 1:
        return line
    mark = b"?" if middle.strip(BLANKS) else b" "
    return b"".join((line[:KEPT_BYTES], mark, line[-1:]))


def _split(text: Characters) -> Iterator[tuple[Characters, Numbers]]:
    """Tell where the lines end; a text of too many comes in parts."""
    begin = 0
    found: list[Numbers] = []
    for ends in _find_ends(text):
        if sum(map(len, found)) + len(ends) > BLOCK_LINES:
            part = np.concatenate(found)
            end = part[-1] + 1
            yield text[begin:end], part - begin
            begin = end
            found = []
        found.append(ends)
    if found:
        yield text[begin:], np.concatenate(found) - begin


def _find_ends(text: Characters) -> Iterator[Numbers]:
    """Yield the places where lines end, no more than a block may have at once."""
    for start in range(0, len(text), PIECE_BYTES):
        is_end = text[start : start + PIECE_BYTES] == ord(LF)
        yield np.flatnonzero(is_end) + start
    if len(text) and text[-1] != ord(LF):
        yield np.array([len(text)])
