"""Where scenarios take place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.instance import kill


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Make a folder with a space in its name; whatever still runs there is killed."""
    place = tmp_path / "a shop"
    place.mkdir()
    yield place
    kill(place)
