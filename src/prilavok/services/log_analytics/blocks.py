"""Cutting a log into blocks of whole lines, in bounded memory whatever it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, repeat, takewhile
from typing import Final, Protocol, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from prilavok.domain.shop_logs import MAX_LINE_BYTES

Numbers: TypeAlias = NDArray[np.int64]

# Half of it needs 45 MB less, and is a tenth slower, of a log in no order a third. More
# would need more memory than an import may have.
BLOCK_BYTES: Final = 11_000_000
# The first blocks are smaller, so that the database has something to do soon.
RAMP: Final = 8
BLOCK_LINES: Final = 131_072
BOM: Final = b"\xef\xbb\xbf"
LF: Final = b"\n"
CR: Final = b"\r"
BLANKS: Final = b" \t"
# Of a line that is longer only this beginning is kept. An end of line does not count.
KEPT_BYTES: Final = MAX_LINE_BYTES + 2


class ByteSource(Protocol):
    """A file, or whatever else can be read like one."""

    def read(self, size: int, /) -> bytes:
        """Return this many bytes, fewer only at the end."""


@final
@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines: line ``i`` is ``text[starts[i]:ends[i]]``, without its end of line.

    ``first_line`` is the number of line 0 in its file, counted from 1.
    """

    text: bytes
    first_line: int
    starts: Numbers
    ends: Numbers


def read_blocks(source: ByteSource, size: int = BLOCK_BYTES) -> Iterator[Block]:
    """Yield the lines of a source in blocks of at most about ``size`` bytes, in order.

    Lines end at LF. Of a line that is too long only its beginning is kept; it stays
    too long, and stays blank if it is. None of the blocks is kept here: a generator
    would, until it is asked for the next one.
    """
    parts = chain.from_iterable(map(_split, _whole_lines(source, size)))
    return map(_Counted().find_lines, parts)


def _whole_lines(source: ByteSource, size: int) -> Iterator[bytes]:
    whole = _Whole()
    yield from filter(None, map(whole.add, _pieces(source, size)))
    if whole.rest:
        yield whole.rest


def _pieces(source: ByteSource, size: int) -> Iterator[bytes]:
    room = max(size // RAMP, len(BOM))
    yield source.read(room).removeprefix(BOM)
    rooms = accumulate(repeat(max(size, len(BOM))), _doubled, initial=room)
    yield from takewhile(bool, map(source.read, rooms))


def _doubled(size: int, most: int) -> int:
    return min(2 * size, most)


@final
class _Whole:
    """Makes whole lines of pieces; ``rest`` has no end of line yet."""

    def __init__(self) -> None:
        self.rest = b""

    def add(self, piece: bytes) -> bytes:
        """Return the lines that end in this piece."""
        end = piece.rfind(LF) + 1
        if not end:
            self.rest = _shorten(self.rest + piece)
            return b""
        # One copy, and not two: no other thread runs meanwhile.
        text = b"".join((self.rest, memoryview(piece)[:end]))
        self.rest = _shorten(piece[end:])
        return text


@final
class _Counted:
    """Finds lines, and counts those before them."""

    def __init__(self) -> None:
        self._next_line = 1

    def find_lines(self, part: tuple[bytes, Numbers]) -> Block:
        """Tell where the lines are in a text of which the ends are known."""
        text, ends = part
        starts = np.append(0, ends[:-1] + 1)
        # Before the end of an empty line is no CR but the LF of another line.
        before = np.frombuffer(text, np.uint8)[np.maximum(ends, 1) - 1]
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


def _split(text: bytes) -> Iterator[tuple[bytes, Numbers]]:
    """Halve what has too many lines; tell where the lines of each part end."""
    ends = _find_ends(text)
    if ends is not None:
        yield text, ends
        return
    half = len(text) // 2
    middle = (text.rfind(LF, 0, half) + 1) or (text.find(LF, half) + 1)
    yield from _split(text[:middle])
    yield from _split(text[middle:])


def _find_ends(text: bytes) -> Numbers | None:
    """Return the ends of lines; None: too many, a log of empty lines has millions."""
    is_end = np.frombuffer(text, np.uint8) == ord(LF)
    if np.count_nonzero(is_end) > BLOCK_LINES:
        return None
    ends: Numbers = np.flatnonzero(is_end)
    return ends if text.endswith(LF) else np.append(ends, len(text))
