"""Endless files and archives that burst are read as far as the limits, no further."""

import gzip
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any, Final

import pyarrow
import pytest
from typing_extensions import override

from prilavok.domain.imports import UnreadableLog
from prilavok.services.log_analytics.blocks import read_blocks
from prilavok.services.log_analytics.log_file import LogFile, open_log
from prilavok.services.log_analytics.read_limits import ReadLimits

MEBIBYTE: Final = 1024**2
SMALL: Final = ReadLimits(total=100 * MEBIBYTE, ratio=50, harmless=MEBIBYTE)
LINE: Final = b"shop_api      | anything\n"


class Endless(RawIOBase):
    """Gives the same bytes for ever, and counts them."""

    def __init__(self, piece: bytes) -> None:
        """Start to count."""
        self.given = 0
        self._piece = piece

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int:
        size = BytesIO(self._piece).readinto(buffer)
        self.given += size
        return size


def bomb(size: int, packing: str) -> bytes:
    """Pack so many spaces."""
    if packing == "gzip":
        return gzip.compress(b" " * size)
    packed: bytes = pyarrow.compress(b" " * size, codec="zstd", asbytes=True)
    return packed


def read_all(log: LogFile) -> int:
    """Read a log as imports do; return how many lines it has."""
    return sum(len(block.starts) for block in read_blocks(log))


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_bomb_is_recognized_by_its_ratio(packing: str) -> None:
    """Long before it has burst."""
    packed = bomb(64 * MEBIBYTE, packing)
    log = LogFile("bomb", BytesIO(packed), len(packed), SMALL)
    with pytest.raises(UnreadableLog, match="more than 50 times its size"):
        read_all(log)


def test_bomb_in_small_portions_is_recognized_as_well() -> None:
    """A thousand archives, one after the other, are one log."""
    packed = bomb(MEBIBYTE // 2, "gzip") * 1000
    log = LogFile("bomb", BytesIO(packed), len(packed), SMALL)
    with pytest.raises(UnreadableLog, match="more than 50 times its size"):
        read_all(log)


@pytest.mark.parametrize("piece", [bytes(65_536), LINE * 1000, b"\n" * 10_000])
def test_endless_log_ends_at_the_limit(piece: bytes) -> None:
    """Whether or not it has lines."""
    endless = Endless(piece)
    with pytest.raises(UnreadableLog, match="longer than 104857600 bytes"):
        read_all(LogFile("endless", endless, None, SMALL))

    assert endless.given < 1.2 * SMALL.total


def test_file_beyond_the_limit_is_refused_unread() -> None:
    """Nobody imports the first gigabytes of what will fail."""
    untouched = Endless(LINE)
    with pytest.raises(UnreadableLog, match="longer than 104857600 bytes"):
        LogFile("large", untouched, SMALL.total + 1, SMALL)

    assert untouched.given == 0


def test_small_archive_may_be_packed_as_tightly_as_it_likes() -> None:
    """What is no longer than the harmless bytes harms nobody."""
    packed = bomb(MEBIBYTE, "gzip")

    assert read_all(LogFile("tight", BytesIO(packed), len(packed), SMALL)) == 1


def test_of_a_growing_log_is_read_what_was_there(tmp_path: Path) -> None:
    """So that whoever writes faster than we read does not keep us for ever."""
    path = tmp_path / "growing.log"
    path.write_bytes(LINE * 1000)
    with open_log(str(path)) as log, path.open("ab") as growing:
        growing.write(LINE * 500)
        growing.flush()

        assert read_all(log) == 1000
        assert log.bytes_done == log.bytes_total


def test_shrinking_log_ends_where_it_ends(tmp_path: Path) -> None:
    """Nothing waits for bytes that are gone; a few may have been read ahead."""
    path = tmp_path / "rotated.log"
    path.write_bytes(LINE * 1000)
    with open_log(str(path)) as log:
        path.write_bytes(LINE)

        assert read_all(log) < 500
