"""Whether a file is a log of the shop at all, and what it looks like if it is none."""

import re
from types import MappingProxyType
from typing import Final

import numpy as np

from prilavok.domain.shop_logs import NOT_FOR_FORM, Reason, show_safely
from prilavok.services.log_analytics.blocks import BOM
from prilavok.services.log_analytics.parsed import REASONS, Rejections

NAME: Final = b"shop_api"
OF_THE_FORMAT: Final = tuple(map(REASONS.index, NOT_FOR_FORM))
UNFINISHED: Final = REASONS.index(Reason.UNFINISHED)
SHOWN: Final = 60
TAR_PLACE: Final = 257
UNPACK: Final = "Unpack it, and import the log that is in it."
DECODE: Final = "Convert it to UTF-8, for example by iconv, and import that."
# First bytes of files, from their formats' descriptions; longer ones come first.
BEGINNINGS: Final = MappingProxyType(
    {
        b"\xff\xfe\0\0": ("text in UTF-32", DECODE),
        b"\0\0\xfe\xff": ("text in UTF-32", DECODE),
        b"\xff\xfe": ("text in UTF-16", DECODE),
        b"\xfe\xff": ("text in UTF-16", DECODE),
        b"PK\x03\x04": ("a zip archive", UNPACK),
        b"\xfd7zXZ\0": ("an xz archive", UNPACK),
        b"BZh": ("a bzip2 archive", UNPACK),
        b"7z\xbc\xaf\x27\x1c": ("a 7z archive", UNPACK),
        b"Rar!\x1a\x07": ("a rar archive", UNPACK),
        b"\x04\x22\x4d\x18": ("an lz4 archive", UNPACK),
        b"\x1f\x9d": ("an archive of compress", UNPACK),
        b"\x1f\x8b": ("a gzip archive inside of an archive", UNPACK),
        b"\x28\xb5\x2f\xfd": ("a zstd archive inside of an archive", UNPACK),
    },
)
OTHER_SHOP: Final = re.compile(
    rb"shop_api +\| [0-9: -]{19} \[[A-Z0-9]{8}\] INFO: [!-~]+ ([a-z]+://[!-.0-~]*)",
)
NO_LOG: Final = "No line of this file is a line of the shop's log."


def has_log_lines(rejected: Rejections) -> bool:
    """Tell whether any of them is a line of the format, or may be the half of one."""
    if np.isin(rejected.verdicts, OF_THE_FORMAT).any():
        return True
    if not len(rejected) or rejected.verdicts[-1] != UNFINISHED:
        return False
    beginning = rejected.beginnings[-1].removeprefix(BOM)
    return NAME.startswith(beginning[: len(NAME)])


def describe_other_file(beginning: bytes, shop_host: str) -> str:
    """Say what a file looks like of which no line is of the format, and what to do."""
    return f"{NO_LOG} {_describe(beginning.removeprefix(BOM), shop_host)}"


def _describe(beginning: bytes, shop_host: str) -> str:
    for magic, (kind, advice) in BEGINNINGS.items():
        if beginning.startswith(magic):
            return f"It begins like {kind}. {advice}"
    if beginning.startswith(b"ustar", TAR_PLACE):
        return f"It begins like a tar archive. {UNPACK}"
    if _is_utf16(beginning):
        return f"It begins like text in UTF-16. {DECODE}"
    found = OTHER_SHOP.match(beginning)
    if found is not None:
        return (
            f"It begins like the log of another shop: its URLs start with "
            f"{show_safely(found[1])}/, and SHOP_HOST is {shop_host}."
        )
    first = beginning.lstrip().split(b"\n")[0][:SHOWN]
    return (
        f"It begins with: {show_safely(first)} Lines of the log look like this: "
        f"shop_api | 2018-08-01 00:28:36 [OOZLQWZC] INFO: 203.0.113.7 "
        f"https://{shop_host}/"
    )


def _is_utf16(beginning: bytes) -> bool:
    """Tell whether every other byte of it is NUL, as in Latin text without a mark."""
    pairs = len(beginning) // 2
    nuls = [beginning[place::2].count(0) for place in (0, 1)]
    return pairs > 0 and min(nuls) < pairs <= max(nuls)
