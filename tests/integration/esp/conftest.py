"""Every provider in turn."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.esp.server import KINDS, EspServer


@pytest.fixture(params=KINDS)
async def esp(request: pytest.FixtureRequest) -> AsyncIterator[EspServer]:
    """Run a provider in good health."""
    async with EspServer(request.param).listening() as server:
        yield server


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ExitStack]:
    """Undo everything; neither the environment nor a ``.env`` says anything."""
    monkeypatch.chdir(tmp_path)
    for name in ("ESP_PROVIDER", "ESP_URL", "ESP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as found:
        yield found
