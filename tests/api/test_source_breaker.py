"""The setting that switches breakers off."""

from collections.abc import AsyncIterator
from typing import Final

import pytest

from prilavok.services.sources.breakers import FAILURES
from prilavok.settings import Settings, load_settings
from tests.api.people import API, ApiClient
from tests.hostile_answers import HOSTILE
from tests.hostile_server import HostileServer

TIMES: Final = FAILURES + 2


@pytest.fixture
async def hostile() -> AsyncIterator[HostileServer]:
    """Serve every behaviour."""
    async with HostileServer(HOSTILE).listening() as server:
        yield server


@pytest.fixture(params=["true", "false"])
def breaker(request: pytest.FixtureRequest) -> str:
    """Switch it on, and off."""
    return str(request.param)


@pytest.fixture
def settings(
    settings: Settings,
    hostile: HostileServer,
    breaker: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Seed a source that keeps failing."""
    monkeypatch.setenv("SOURCES", f"failed={hostile.url('failed')}")
    monkeypatch.setenv("SOURCES_ALLOW_PRIVATE", "true")
    monkeypatch.setenv("SOURCE_BREAKER", breaker)
    return load_settings()


async def test_the_setting_decides_whether_failing_sources_are_spared(
    admin: ApiClient,
    hostile: HostileServer,
    breaker: str,
) -> None:
    """Either way the answer is the same."""
    answers = [await admin.get(f"{API}/sources/items") for _ in range(TIMES)]

    assert {await answer.text() for answer in answers} == {"[]"}
    expected = {"true": FAILURES, "false": TIMES}
    assert hostile.hits["failed"] == expected[breaker]
