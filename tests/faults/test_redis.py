"""Redis goes away or is slow. Numbers: docs/security.md."""

from typing import Final

import pytest

from tests.api.people import ApiClient
from tests.fault_line import Fault
from tests.fault_proxy import FaultProxy
from tests.faults.lines import (
    CROWD,
    LIVE,
    LOGIN,
    ME,
    READY,
    SMALL_CROWD,
    USERS,
    Answer,
    ask,
    crowd,
    missing,
    seconds_until,
)

# Only Redis is unwell here.
pytestmark = pytest.mark.usefixtures("patient_postgres")
AWAY: Final = (Fault.REFUSE, Fault.BLACKHOLE, Fault.RESET)
# How far a busy machine may miss what we promise: in the suite these tests only
# tell bounded waits from the library's 12 s; `make faults` holds us to the promise.
patience = pytest.mark.parametrize(
    ("patience", "size"),
    [(4, SMALL_CROWD), pytest.param(1, CROWD, marks=pytest.mark.slow)],
)


def assert_later(answers: list[Answer], seconds: float) -> None:
    """All were told in time to come back later."""
    assert {answer.status for answer in answers} == {503}
    assert all(answer.retry_after for answer in answers)
    assert max(answer.seconds for answer in answers) < seconds


@patience
@pytest.mark.parametrize("fault", AWAY)
@pytest.mark.parametrize("line", [ME, USERS, LOGIN])
async def test_whoever_needs_a_session_is_told_to_come_back(
    admin: ApiClient,
    redis_line: FaultProxy,
    fault: Fault,
    line: tuple[str, str, object],
    patience: float,
    size: int,
) -> None:
    """8, 9: within a second, alone or in a crowd, with idle connections or new."""
    await crowd(admin, ME, size)
    await redis_line.inject(fault)
    answers = [*await crowd(admin, line, size), await ask(admin, *line)]

    assert_later(answers, patience)


@pytest.mark.parametrize("fault", AWAY)
async def test_health_tells_of_redis(
    admin: ApiClient,
    redis_line: FaultProxy,
    fault: Fault,
) -> None:
    """8, 9: the process lives, is not ready, and says why."""
    await redis_line.inject(fault)
    live, ready = await ask(admin, *LIVE), await ask(admin, *READY)
    named = missing(ready)

    assert (live.status, ready.status, named) == (200, 503, ["redis"])


@patience
@pytest.mark.parametrize("fault", AWAY)
async def test_redis_back_means_all_back(
    admin: ApiClient,
    redis_line: FaultProxy,
    fault: Fault,
    patience: float,
    size: int,
) -> None:
    """Old sessions go on within two seconds, for a crowd as well."""
    await crowd(admin, ME, size)
    await redis_line.inject(fault)
    await ask(admin, *ME)
    await redis_line.inject(Fault.NONE)

    ready = await seconds_until(admin, READY, 2 * patience)
    served = await seconds_until(admin, ME, 2 * patience, size)
    assert ready + served < 2 * patience


@pytest.mark.slow
async def test_slow_redis_slows_and_no_more(
    admin: ApiClient,
    redis_line: FaultProxy,
) -> None:
    """12: 200 ms late, fifty at once are all served, in turn but without a pile-up."""
    redis_line.latency = 0.2
    answers = await crowd(admin, ME)

    assert {answer.status for answer in answers} == {200}
    assert max(answer.seconds for answer in answers) < 3
