"""The event loop stays free. Numbers: SECURITY.md, sections 2 and 3."""

import asyncio
from collections.abc import Awaitable
from statistics import quantiles
from time import monotonic
from typing import Final

import pytest
from argon2 import PasswordHasher

from tests.api.people import API, PASSWORD, ApiClient
from tests.faults.lines import CROWD, ask

pytestmark = pytest.mark.slow
STEP_SECONDS: Final = 0.005
QUIET_SECONDS: Final = 2
LIMIT_SECONDS: Final = 0.05


@pytest.fixture
def hasher() -> PasswordHasher:
    """Hash as slowly as in real life."""
    return PasswordHasher()


async def lag_while(work: Awaitable[object]) -> float:
    """Tell by how much the loop was late, in all but one of a hundred moments."""
    task = asyncio.ensure_future(work)
    late = []
    while not task.done():
        started = monotonic()
        await asyncio.sleep(STEP_SECONDS)
        late.append(monotonic() - started - STEP_SECONDS)
    await task
    return quantiles(late, n=100)[-1]


async def test_sign_ins_leave_the_loop_free(client: ApiClient) -> None:
    """12, 29: fifty hashes at once; a busy machine is late without us as well."""
    quiet = await lag_while(asyncio.sleep(QUIET_SECONDS))
    attempts = (
        ask(
            client,
            "POST",
            f"{API}/auth/login",
            {"login": f"nobody{number}", "password": PASSWORD},
        )
        for number in range(CROWD)
    )
    answers = asyncio.gather(*attempts)
    busy = await lag_while(answers)

    assert {answer.status for answer in answers.result()} == {401}
    assert busy < max(LIMIT_SECONDS, 2 * quiet)
