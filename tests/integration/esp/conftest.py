"""Every provider in turn."""

from collections.abc import AsyncIterator

import pytest

from tests.esp.server import KINDS, EspServer


@pytest.fixture(params=KINDS)
async def esp(request: pytest.FixtureRequest) -> AsyncIterator[EspServer]:
    """Run a provider in good health."""
    async with EspServer(request.param).listening() as server:
        yield server
