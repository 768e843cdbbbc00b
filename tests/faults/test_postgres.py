"""PostgreSQL goes away. Numbers: docs/security.md."""

from typing import Final

import pytest

from tests.api.people import ApiClient
from tests.fault_line import Fault
from tests.fault_proxy import FaultProxy
from tests.faults.lines import (
    LIVE,
    LOGIN,
    ME,
    NEW_ROLE,
    READY,
    USERS,
    ask,
    crowd,
    missing,
    seconds_until,
)

pytestmark = pytest.mark.slow
# For each way to be away: within how many seconds everybody must know.
AWAY: Final = ((Fault.REFUSE, 1), (Fault.BLACKHOLE, 3), (Fault.RESET, 1))


@pytest.mark.parametrize(("fault", "seconds"), AWAY)
@pytest.mark.parametrize("line", [USERS, NEW_ROLE, LOGIN])
async def test_whoever_needs_the_database_is_told_to_come_back(
    admin: ApiClient,
    postgres_line: FaultProxy,
    fault: Fault,
    seconds: float,
    line: tuple[str, str, object],
) -> None:
    """15: reads, writes and sign-ins, alone or among fifty."""
    await crowd(admin, ME)
    await postgres_line.inject(fault)
    answers = [*await crowd(admin, line), await ask(admin, *line)]

    assert {answer.status for answer in answers} == {503}
    assert all(answer.retry_after for answer in answers)
    assert max(answer.seconds for answer in answers) < seconds


@pytest.mark.parametrize(("fault", "seconds"), AWAY)
async def test_health_tells_of_postgresql(
    admin: ApiClient,
    postgres_line: FaultProxy,
    fault: Fault,
    seconds: float,
) -> None:
    """15: the process lives, is not ready, and says why."""
    await postgres_line.inject(fault)
    live, ready = await ask(admin, *LIVE), await ask(admin, *READY)
    named = missing(ready)

    assert (live.status, ready.status, named) == (200, 503, ["postgresql"])
    assert ready.seconds < seconds


@pytest.mark.parametrize(("fault", "seconds"), AWAY)
async def test_postgresql_back_means_all_back(
    admin: ApiClient,
    postgres_line: FaultProxy,
    fault: Fault,
    seconds: float,
) -> None:
    """15: within two seconds, for a crowd as well, without a restart of ours."""
    await crowd(admin, USERS)
    await postgres_line.inject(fault)
    await ask(admin, *USERS)
    await postgres_line.inject(Fault.NONE)

    assert await seconds_until(admin, READY, 2) < 2
    assert {answer.status for answer in await crowd(admin, USERS)} == {200}
