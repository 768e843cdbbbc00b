"""Blocks hold every line once, and no more of them than they may."""

from io import BytesIO
from typing import Final

import pytest

from prilavok.services.log_analytics.blocks import BLOCK_LINES, BOM, read_blocks

SIZE: Final = 4 * BLOCK_LINES


def read_lines(log: bytes, size: int) -> list[bytes]:
    """Return all lines; each block's memory is used again for the next one."""
    return [
        block.text[start:end].tobytes()
        for block in read_blocks(BytesIO(log), size)
        for start, end in zip(block.starts, block.ends, strict=True)
    ]


@pytest.mark.parametrize("end", [b"", b"x"])
@pytest.mark.parametrize("line", [b"\n", b"a\n", b"ab\r\n"])
def test_no_block_has_too_many_lines(line: bytes, end: bytes) -> None:
    """A log of short ones would otherwise need a hundred times its own size."""
    log = line * (2 * BLOCK_LINES + 5) + end
    sizes, numbers = zip(
        *(
            (len(block.starts), block.first_line)
            for block in read_blocks(BytesIO(log), SIZE)
        ),
        strict=True,
    )

    assert max(sizes) <= BLOCK_LINES
    assert sum(sizes) == 2 * BLOCK_LINES + 5 + len(end)
    assert numbers == tuple(1 + sum(sizes[:place]) for place in range(len(sizes)))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1000])
@pytest.mark.parametrize("mark", [b"", BOM, BOM[:2]])
def test_lines_are_whole_however_little_is_read_at_once(mark: bytes, size: int) -> None:
    """The mark of UTF-8 is no part of the first one, and half of it is."""
    lines = [b"", b"one", b"", b"twenty-two", b"\xef\xbb\xbfthree", b"x" * 300, b"end"]
    log = mark + b"\n".join(lines)
    lines[0] = mark.removeprefix(BOM)

    assert read_lines(log, size) == lines


@pytest.mark.parametrize("log", [b"", BOM])
def test_nothing_has_no_lines(log: bytes) -> None:
    """Not even an empty one."""
    assert not read_lines(log, SIZE)
