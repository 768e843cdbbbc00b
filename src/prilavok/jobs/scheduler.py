"""A process that asks for periodic jobs. Two of them do no harm.

The clock is monotonic: setting the machine's clock back stops nothing, as it would
with taskiq's own scheduler.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, final

from prilavok.domain.errors import Unavailable
from prilavok.jobs.messages import write_message
from prilavok.jobs.table import Job
from prilavok.repositories.job_queue.queue import JobQueue

logger = logging.getLogger(__name__)
# A message may be lost with Redis: after that long another is sent.
MIN_DUE_SECONDS: Final = 60
DUE_PERIODS: Final = 5


@final
@dataclass(frozen=True, slots=True)
class Scheduler:
    """Asks for each periodic job at once and then in its period.

    Where no worker comes to take it, it waits once and not a thousand times.
    """

    jobs: Iterable[Job]
    queue: JobQueue

    async def run(self, stopping: asyncio.Event) -> None:
        """Schedule until the event is set."""
        async with asyncio.TaskGroup() as group:
            for job in self.jobs:
                if job.every_seconds is not None:
                    group.create_task(self._repeat(job, job.every_seconds, stopping))

    async def _repeat(self, job: Job, every: int, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                await self._ask(job, every)
            except Unavailable as error:
                logger.warning(
                    "job not due", extra={"job": job.name, "why": str(error)}
                )
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), every)

    async def _ask(self, job: Job, every: int) -> None:
        waits = max(MIN_DUE_SECONDS, every * DUE_PERIODS)
        await self.queue.add_unless_due(job.name, write_message(job.name, {}), waits)
