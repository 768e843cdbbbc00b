"""Looking at the queue of background work, and giving its dead another chance."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, final

from prilavok.domain.errors import NotFound
from prilavok.domain.jobs import DeadJob, QueueState, WaitingJob
from prilavok.repositories.job_queue.queue import JobQueue

MAX_LISTED: Final = 1000


@final
@dataclass(frozen=True, slots=True)
class JobService:
    """All methods raise ``Unavailable`` when Redis is away."""

    queue: JobQueue
    now: Callable[[], datetime]

    async def state(self) -> QueueState:
        """Measure the queue."""
        return await self.queue.state(self.now())

    async def find_waiting(self) -> list[WaitingJob]:
        """List what waits or is worked on, oldest first, at most a thousand."""
        return await self.queue.find_waiting(MAX_LISTED)

    async def find_dead(self) -> list[DeadJob]:
        """List what is no longer tried, newest first, at most a thousand."""
        return await self.queue.find_dead()

    async def retry(self, job_id: str) -> None:
        """Send one dead job again; raises ``NotFound``."""
        if not await self.queue.retry(job_id):
            raise NotFound(f"No dead job has the id {job_id}.")

    async def retry_all(self) -> int:
        """Send every dead job again; tell how many."""
        dead = await self.queue.find_dead()
        for job in dead:
            await self.queue.retry(job.id)
        return len(dead)

    async def forget_workers(self) -> None:
        """Remove what workers left in Redis that were killed."""
        await self.queue.forget_workers()
