"""The genuine log, which is not part of the project."""

import os
from pathlib import Path
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
