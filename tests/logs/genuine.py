"""The genuine log, which is not part of the project."""

import os
from pathlib import Path
from random import Random
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]


def genuine_log() -> bytes:
    """Return it, or skip the test where nobody has it."""
    shared = Path(os.environ.get("PRILAVOK_SHARED", ROOT.parent / "shared"))
    path = shared / "data" / "logs.txt"
    if not path.exists():
        pytest.skip(
            "The genuine shop log is not here; PRILAVOK_SHARED names its folder."
        )
    return path.read_bytes()


def pieces(log: bytes) -> list[bytes]:
    """Cut seven pieces that overlap, and shuffle them."""
    random = Random(7)
    lines = log.splitlines(keepends=True)
    share = len(lines) // 7 + 1
    cut = [
        lines[max(0, start - random.randrange(900)) : start + share]
        for start in range(0, len(lines), share)
    ]
    random.shuffle(cut)
    return [b"".join(piece) for piece in cut]
