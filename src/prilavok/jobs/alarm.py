"""The alarm clock of services: a message in the queue."""

import logging
from dataclasses import dataclass
from typing import final
from uuid import UUID

from prilavok.domain.errors import Unavailable
from prilavok.jobs.messages import write_message
from prilavok.repositories.job_queue.queue import JobQueue

logger = logging.getLogger(__name__)


@final
@dataclass(frozen=True, slots=True)
class QueueAlarm:
    """Implements ``services.alarm.Alarm``."""

    queue: JobQueue

    async def ring(self, job: str, **payload: UUID | str | int) -> None:
        """Ask for this job soon; without Redis a sweep finds the row later."""
        try:
            await self.queue.add(write_message(job, payload))
        except Unavailable as error:
            logger.warning("job not queued", extra={"job": job, "error": error.detail})
