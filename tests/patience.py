"""Time for PostgreSQL and Redis where a test is not about how long they may take."""

import pytest

from prilavok.assembly import connections
from prilavok.repositories import engine, redis_client
from prilavok.services.game import counting

SECONDS = 15


@pytest.fixture
def patient_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the service wait, so that a machine which stalls for a second fails no test.

    The limits themselves are held by ``tests/faults``, where it is only patient with
    a store that is well.
    """
    for module, name in (
        (connections, "COMMAND_SECONDS"),
        (connections, "REPORT_COMMAND_SECONDS"),
        (engine, "POOL_WAIT_SECONDS"),
        (engine, "CONNECT_SECONDS"),
        (counting, "WAIT_SECONDS"),
    ):
        monkeypatch.setattr(module, name, SECONDS)


@pytest.fixture
def patient_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the service wait for Redis, too."""
    for module, name in (
        (connections, "TIMEOUT_SECONDS"),
        (redis_client, "POOL_WAIT_SECONDS"),
        (redis_client, "TIMEOUT_SECONDS"),
    ):
        monkeypatch.setattr(module, name, SECONDS)


@pytest.fixture(autouse=True)
def patient_stores(patient_postgres: None, patient_redis: None) -> None:
    """Be patient with both, everywhere but in ``tests/faults``."""
