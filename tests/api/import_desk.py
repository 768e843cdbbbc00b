"""Imports by HTTP, and a worker that works them off when it is told to."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from prilavok.assembly.services import open_services
from prilavok.jobs.registry import JOBS
from prilavok.jobs.scheduler import Scheduler
from prilavok.jobs.table import JobContext
from prilavok.jobs.worker import Worker
from prilavok.repositories.job_queue.queue import JobQueue
from prilavok.repositories.redis_client import create_redis
from prilavok.settings import Settings
from tests.api.people import API, ApiClient

PATIENCE_SECONDS: Final = 60
POLL_SECONDS: Final = 0.05
ANSWER_SECONDS: Final = 3
REPORTS: Final = 7
UNPAID_CARTS: Final = 6
HAS_ENDED: Final = itemgetter("finished_at")
TEXT: Final = MappingProxyType({"Content-Type": "text/plain"})


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[None]:
    """Run a worker and a scheduler in this process for as long as the block runs."""
    stopping = asyncio.Event()
    redis = create_redis(str(settings.worker_redis_url), ANSWER_SECONDS)
    async with open_services(settings) as services, asyncio.TaskGroup() as group:
        context = JobContext(services, stopping)
        group.create_task(Worker(JOBS, context, redis).run(stopping))
        group.create_task(Scheduler(JOBS.values(), JobQueue(redis)).run(stopping))
        try:
            yield
        finally:
            stopping.set()
    await redis.aclose(close_connection_pool=True)


async def bring(
    client: ApiClient,
    log: bytes,
    headers: Mapping[str, str] = TEXT,
    url: str = "",
) -> dict[str, Any]:
    """Upload a log as a raw body; return the accepted import.

    ``url``: another instance of the service, in place of the client's own.
    """
    response = await client.session.post(
        f"{url or client.make_url('').origin()}{API}/imports",
        data=BytesIO(log),
        headers={**TEXT, **headers},
    )
    assert response.status == 202, await response.text()
    accepted: dict[str, Any] = await response.json()
    assert response.headers["Location"] == f"{API}/imports/{accepted['id']}"
    return accepted


async def show(client: ApiClient, import_id: str) -> dict[str, Any]:
    """Read an import."""
    response = await client.get(f"{API}/imports/{import_id}")
    assert response.status == 200, await response.text()
    found: dict[str, Any] = await response.json()
    return found


async def await_import(
    client: ApiClient,
    import_id: str,
    holds: Callable[[dict[str, Any]], object] = HAS_ENDED,
) -> dict[str, Any]:
    """Return the import when it is as it should be, by default when it has ended."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            response = await client.get(f"{API}/imports/{import_id}")
            found = await response.json()
            # Tests of faults take the database away.
            if response.status != HTTPStatus.SERVICE_UNAVAILABLE and holds(found):
                return dict(found)
            await asyncio.sleep(POLL_SECONDS)


def stored_files(settings: Settings) -> list[Path]:
    """Name what lies in the file store, unfinished parts included."""
    folder = settings.data_dir / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


async def no_files_left(settings: Settings) -> bool:
    """Wait until the store is empty."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while stored_files(settings):
            await asyncio.sleep(POLL_SECONDS)
    return True


async def all_answers(client: ApiClient) -> dict[str, Any]:
    """Ask all seven reports; what depends on the moment is left out."""
    answers = {}
    for number in range(1, REPORTS + 1):
        query = {"per_page": "200"} if number == UNPAID_CARTS else {}
        response = await client.get(f"{API}/reports/{number}", params=query)
        document = await response.json()
        document["meta"].pop("imported_at")
        answers[str(number)] = document
    return answers
