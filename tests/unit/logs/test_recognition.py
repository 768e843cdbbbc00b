"""Of a file that is no log people learn what it looks like, and what to do."""

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Callable, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Final, TypeAlias
from zipfile import ZipFile

import pyarrow
import pytest

from prilavok.services.log_analytics.recognition import describe_other_file
from tests.logs.made_up import made_up_log

Rewriting: TypeAlias = Callable[[bytes], bytes]
HOST: Final = "all_to_the_bottom.com"
LOG: Final = made_up_log(50)


def zipped(log: bytes) -> bytes:
    """Put it into a zip archive."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("log.txt", log)
    return packed.getvalue()


def tarred(log: bytes) -> bytes:
    """Put it into a tar archive."""
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("log.txt")
        entry.size = len(log)
        archive.addfile(entry, BytesIO(log))
    return packed.getvalue()


def zstd(log: bytes) -> bytes:
    """Pack it with zstd."""
    packed: bytes = pyarrow.compress(log, codec="zstd", asbytes=True)
    return packed


def other(log: bytes) -> bytes:
    """Let it be of another shop."""
    return log.replace(HOST.encode(), b"other.example")


def wide(coding: str) -> Rewriting:
    """Write text in another coding."""
    return lambda log: log.decode().encode(coding)


OTHERS: Final[Mapping[str, Rewriting]] = MappingProxyType(
    {
        "a zip archive. Unpack it": zipped,
        "an xz archive. Unpack it": lzma.compress,
        "a bzip2 archive. Unpack it": bz2.compress,
        "a gzip archive inside of an archive. Unpack it": gzip.compress,
        "a zstd archive inside of an archive. Unpack it": zstd,
        "a tar archive. Unpack it": tarred,
        "text in UTF-16. Convert it": wide("utf-16"),
        "text in UTF-16. Convert it to": wide("utf-16-le"),
        "text in UTF-16. Convert it to UTF-8": wide("utf-16-be"),
        "text in UTF-32. Convert it": wide("utf-32"),
        "the log of another shop: its URLs start with https://other.example/": other,
    },
)


@pytest.mark.parametrize("sentence", OTHERS)
def test_what_a_file_looks_like_is_said(sentence: str) -> None:
    """As its own tools would make it."""
    told = describe_other_file(OTHERS[sentence](LOG)[:512], HOST)

    assert f"It begins like {sentence}" in told


@pytest.mark.parametrize(
    "beginning",
    [
        b'127.0.0.1 - - [10/Oct/2000] "GET /"',
        b"\0" * 500,
        b"\x1b[2J",
        b"\xff" * 90,
        b"x",
    ],
)
def test_anything_else_is_shown_safely_beside_a_line_as_it_should_be(
    beginning: bytes,
) -> None:
    """Whatever it is; a terminal obeys nothing of it."""
    told = describe_other_file(beginning, HOST)

    assert "It begins with: " in told
    assert f"https://{HOST}/" in told
    assert told.isprintable()
