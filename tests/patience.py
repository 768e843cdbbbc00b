"""Time for PostgreSQL and Redis where a test is not about how long they may take."""

import pytest

from prilavok.assembly import connections
from prilavok.repositories import engine, redis_client

SECONDS = 15


@pytest.fixture(autouse=True)
def patient_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the service wait, so that a machine which stalls for a second fails no test.

    The limits themselves are held by ``tests/faults``, where nothing is patient.
    """
    for module, name in (
        (connections, "COMMAND_SECONDS"),
        (connections, "REPORT_COMMAND_SECONDS"),
        (connections, "TIMEOUT_SECONDS"),
        (engine, "POOL_WAIT_SECONDS"),
        (engine, "CONNECT_SECONDS"),
        (redis_client, "POOL_WAIT_SECONDS"),
        (redis_client, "TIMEOUT_SECONDS"),
    ):
        monkeypatch.setattr(module, name, SECONDS)
