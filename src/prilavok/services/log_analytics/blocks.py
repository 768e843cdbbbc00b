"""Cutting a log into blocks of whole lines, in bounded memory whatever it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from prilavok.domain.shop_logs import MAX_LINE_BYTES

Numbers: TypeAlias = NDArray[np.int64]

# Half of it needs 45 MB less, and is a tenth slower, of a log in no order a third. More
# would need more memory than an import may have.
BLOCK_BYTES: Final = 10 * 1024 * 1024
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
    too long, and stays blank if it is.
    """
    first_line = 1
    for text in _whole_lines(source, size):
        for part, ends in _split(text):
            block = _find_lines(part, ends, first_line)
            first_line += len(block.starts)
            yield block


def _whole_lines(source: ByteSource, size: int) -> Iterator[bytes]:
    rest = b""
    for piece in _pieces(source, size):
        end = piece.rfind(LF) + 1
        if end:
            # One copy, and not two: no other thread runs meanwhile.
            yield b"".join((rest, memoryview(piece)[:end]))
            rest = b""
        rest = _shorten(rest + piece[end:])
    if rest:
        yield rest


def _pieces(source: ByteSource, size: int) -> Iterator[bytes]:
    room = max(size // RAMP, len(BOM))
    yield source.read(room).removeprefix(BOM)
    while piece := source.read(room):
        yield piece
        room = min(2 * room, max(size, len(BOM)))


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


def _find_lines(text: bytes, ends: Numbers, first_line: int) -> Block:
    starts = np.append(0, ends[:-1] + 1)
    # Before the end of an empty line is no CR but the LF of another line.
    before = np.frombuffer(text, np.uint8)[np.maximum(ends, 1) - 1]
    return Block(text, first_line, starts, ends - (before == ord(CR)))
