"""No user and no file takes the room of all others. Numbers: docs/security.md."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from typing import Any, Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.clients import files
from prilavok.services.log_analytics import intake
from prilavok.settings import Settings
from tests.api.conftest import OpenBrowser
from tests.api.import_desk import TEXT, await_import, bring, stored_files, working
from tests.api.people import API, ApiClient, make_role, make_user
from tests.logs.made_up import made_up_log
from tests.logs.stored import empty_tables as empty_log_tables

LOG: Final = made_up_log(50)
PATH: Final = f"{API}/imports"
MOST: Final = 3
CROWD: Final = 12
MORE_THAN_ANY_DISK: Final = 10**18


@pytest.fixture(autouse=True)
async def no_logs(owner_engine: AsyncEngine) -> AsyncIterator[None]:
    """Start without logs, and leave none."""
    await empty_log_tables(owner_engine)
    yield
    await empty_log_tables(owner_engine)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Let a user have few imports at a time."""
    return replace(settings, imports_per_user=MOST)


async def send(client: ApiClient) -> tuple[int, dict[str, Any]]:
    """Upload a log; return the status and the document."""
    response = await client.post(PATH, data=BytesIO(LOG), headers=TEXT)
    return response.status, await response.json()


async def test_of_a_crowd_as_many_are_taken_as_may_wait(
    admin: ApiClient,
    settings: Settings,
) -> None:
    """23: also when all come at once; of the others no file stays."""
    answers = await asyncio.gather(*(send(admin) for _ in range(CROWD)))
    statuses = Counter(status for status, _ in answers)
    codes = {document["code"] for status, document in answers if status == 429}

    assert statuses == {202: MOST, 429: CROWD - MOST}
    assert codes == {"too-many-imports"}
    assert len(stored_files(settings)) == MOST


async def test_a_repeated_request_is_answered_as_before(admin: ApiClient) -> None:
    """Its import is one of those that wait."""
    key = {"Idempotency-Key": "one"}
    first = await bring(admin, LOG, headers=key)
    for _ in range(MOST - 1):
        await bring(admin, LOG)

    assert (await send(admin))[0] == 429
    assert await bring(admin, LOG, headers=key) == first


async def test_others_and_later_ones_are_welcome(
    admin: ApiClient,
    open_browser: OpenBrowser,
    settings: Settings,
) -> None:
    """What one user does is no limit for another, and what has ended is none."""
    await make_role(admin, "Importer", "imports:read", "imports:write")
    await make_user(admin, "bob", role="Importer")
    bob = await open_browser("bob")
    accepted = [await bring(admin, LOG) for _ in range(MOST)]

    assert (await send(admin))[0] == 429
    assert (await send(bob))[0] == 202
    async with working(settings):
        for one in accepted:
            await await_import(admin, one["id"])
    assert (await send(admin))[0] == 202


async def test_a_full_disk_refuses_logs_before_they_come(
    admin: ApiClient,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """4: it would stop the database, too."""
    monkeypatch.setattr(files, "SPARED_BYTES", MORE_THAN_ANY_DISK)
    status, document = await send(admin)

    assert (status, document["code"]) == (503, "file-store-full")
    assert not stored_files(settings)


async def filling_up(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[bytes]:
    """Send a log in two pieces; between them the disk fills up."""
    yield LOG
    monkeypatch.setattr(files, "SPARED_BYTES", MORE_THAN_ANY_DISK)
    yield LOG * 2


async def test_a_disk_that_fills_up_meanwhile_ends_an_upload(
    admin: ApiClient,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """4: also where nobody said how much would come; nothing of it stays."""
    monkeypatch.setattr(intake, "CHECKED_BYTES", len(LOG))
    filling = filling_up(monkeypatch)
    response = await admin.post(PATH, data=filling, headers=TEXT)

    assert response.status == 503
    assert (await response.json())["code"] == "file-store-full"
    assert not stored_files(settings)
