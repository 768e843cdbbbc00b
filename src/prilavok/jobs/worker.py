"""A process that does background work until it is told to stop."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, final
from uuid import uuid4

from redis.asyncio import Redis
from taskiq.acks import AcknowledgeType
from taskiq.receiver import Receiver

from prilavok.domain.errors import Unavailable
from prilavok.jobs.broker import JobBroker
from prilavok.jobs.performing import Performer, as_function
from prilavok.jobs.table import Jobs
from prilavok.repositories.job_queue.queue import JobQueue
from prilavok.repositories.job_queue.stream import JobStream

logger = logging.getLogger(__name__)
MAX_JOBS: Final = 10


@final
@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in seconds.

    A worker says every ``keep`` what it has in hand; who says nothing for ``lost`` is
    dead, so there are three chances. When told to stop, short jobs end within
    ``finish``, long ones when they see it, and the others are given back: all of it
    takes less than 25.
    """

    keep: float = 5
    lost: float = 15
    finish: float = 15


PATIENCE: Final = Patience()


@final
@dataclass(frozen=True, slots=True)
class Worker:
    """Works off the queue at ``redis``, several jobs at a time."""

    jobs: Jobs
    context: object
    redis: Redis
    patience: Patience = PATIENCE

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until the event is set, then finish or give back what is in hand."""
        stream = JobStream(self.redis, _own_name(), self.patience.lost)
        broker = JobBroker(stream, self.jobs, stopping)
        performer = Performer(self.context, broker, stream, JobQueue(self.redis))
        for job in self.jobs.values():
            broker.register_task(as_function(performer, job), task_name=job.name)
        receiver = Receiver(
            broker,
            max_async_tasks=MAX_JOBS,
            ack_type=AcknowledgeType.MANUAL,
            run_startup=False,
            wait_tasks_timeout=self.patience.finish,
        )
        async with _kept(broker, stream, self.patience.keep):
            await receiver.listen(stopping)
            await performer.cancel()
        with suppress(Unavailable):
            # Without Redis they count as lost a little later.
            await stream.leave()


@asynccontextmanager
async def _kept(
    broker: JobBroker,
    stream: JobStream,
    seconds: float,
) -> AsyncIterator[None]:
    """Say every few seconds what we still have in hand."""
    ended = asyncio.Event()
    keeping = asyncio.create_task(_keep(broker, stream, seconds, ended))
    try:
        yield
    finally:
        ended.set()
        await keeping


async def _keep(
    broker: JobBroker,
    stream: JobStream,
    seconds: float,
    ended: asyncio.Event,
) -> None:
    while not ended.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds)
        try:
            await stream.keep(tuple(broker.held))
        except Unavailable as error:
            logger.warning("jobs not kept", extra={"error": error.detail})


def _own_name() -> str:
    return "-".join((socket.gethostname(), str(os.getpid()), uuid4().hex))
