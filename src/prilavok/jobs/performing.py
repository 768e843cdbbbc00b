"""What happens to a message around the function of its job."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, final

from prilavok.domain.errors import Unavailable
from prilavok.domain.jobs import Death, Delivery
from prilavok.jobs.broker import MAX_ATTEMPTS, JobBroker
from prilavok.jobs.table import Job
from prilavok.repositories.job_queue.queue import JobQueue
from prilavok.repositories.job_queue.stream import JobStream

logger = logging.getLogger(__name__)
CANCEL_SECONDS: Final = 3


@final
class Performer:
    """Performs jobs; the message is finished, buried, or left to be tried again."""

    def __init__(
        self,
        context: object,
        broker: JobBroker,
        stream: JobStream,
        queue: JobQueue,
    ) -> None:
        """Hand the context to every job."""
        self._context = context
        self._broker = broker
        self._stream = stream
        self._queue = queue
        self._running: set[asyncio.Task[Any]] = set()

    async def perform(self, job: Job, number: str, payload: dict[str, Any]) -> None:
        """Do what a message asks for, and take care of the message."""
        with self._noted():
            delivery = self._broker.held[number]
            try:
                await self._perform(job, delivery, payload)
            except Unavailable as error:
                # It comes again: kept no longer, it counts as lost.
                why = {"job": job.name, "error": error.detail}
                logger.warning("job later", extra=why)
            finally:
                self._broker.held.pop(number, None)

    async def cancel(self) -> None:
        """End what still runs where it waits; it neither failed nor is it done."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=CANCEL_SECONDS)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        yield

    async def _perform(
        self,
        job: Job,
        delivery: Delivery,
        payload: dict[str, Any],
    ) -> None:
        if job.every_seconds is not None:
            await self._queue.clear_due(job.name)
        try:
            await job.work(self._context, job.payload.parse(payload))
        except Unavailable:
            raise
        except Exception as error:
            # Whatever it is, other jobs go on, and this one is tried again.
            logger.exception("job failed", extra={"job": job.name})
            await self._fail(delivery, error)
        else:
            await self._stream.finish(delivery)

    async def _fail(self, delivery: Delivery, error: Exception) -> None:
        if delivery.attempt >= MAX_ATTEMPTS:
            reason = f"{type(error).__name__}: {error}"
            await self._stream.bury(delivery, Death.FAILED, reason)


def as_function(performer: Performer, job: Job) -> Callable[..., Awaitable[None]]:
    """Make what taskiq wants: a function of its own, which takes the call's words."""

    async def wrapper(number: str, payload: dict[str, Any]) -> None:
        await performer.perform(job, number, payload)

    return wrapper
