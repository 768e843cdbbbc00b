"""The queue as taskiq sees it: it gets only messages that can be worked on.

Why the streams are read by ourselves and not by taskiq-redis: docs/adr/0011-jobs.md.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Final, final

from marshmallow import ValidationError
from taskiq import AckableMessage, AsyncBroker, BrokerMessage
from typing_extensions import override

from prilavok.domain.errors import Unavailable
from prilavok.domain.jobs import Death, Delivery
from prilavok.jobs.messages import read_message, write_call
from prilavok.jobs.table import Jobs
from prilavok.repositories.job_queue.stream import JobStream

logger = logging.getLogger(__name__)
MAX_ATTEMPTS: Final = 5
PAUSE_SECONDS: Final = 1


@final
class JobBroker(AsyncBroker):
    """Delivers checked messages; the others go to the dead list."""

    def __init__(
        self,
        stream: JobStream,
        jobs: Jobs,
        stopping: asyncio.Event,
    ) -> None:
        """Deliver from the stream what these jobs can take, until the event is set."""
        super().__init__()
        self.held: dict[str, Delivery] = {}
        self._stream = stream
        self._jobs = jobs
        self._stopping = stopping

    @override
    async def kick(self, message: BrokerMessage) -> None:
        """Refuse: services ask for jobs through ``QueueAlarm``."""
        raise NotImplementedError("Jobs are asked for through QueueAlarm.")

    @override
    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        """Deliver until we are to stop, whatever happens to Redis meanwhile.

        What is delivered is acknowledged by whoever performs it. taskiq would cancel
        the read; but a client that waits for Redis may miss that, so we look.
        """
        while not self._stopping.is_set():
            try:
                delivery = await self._take()
            except Unavailable as error:
                logger.warning("queue is away", extra={"error": error.detail})
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if delivery is not None:
                yield delivery

    async def _take(self) -> AckableMessage | None:
        """Look for lost messages first: new ones may come without end."""
        delivery = await self._stream.take_lost() or await self._stream.take_new()
        if delivery is None:
            return None
        try:
            call = self._checked(delivery)
        except ValidationError as error:
            await self._bury(delivery, Death.MALFORMED, str(error.messages))
        except ValueError as error:
            await self._bury(delivery, Death.MALFORMED, str(error))
        except LookupError as error:
            await self._bury(delivery, Death.UNKNOWN, str(error))
        else:
            return await self._admit(delivery, call)
        return None

    def _checked(self, delivery: Delivery) -> bytes:
        message = read_message(delivery.message)
        job = self._jobs.get(message.job)
        if job is None:
            raise LookupError("No job has this name.")
        job.payload.parse(message.payload)
        return write_call(job.name, {"number": delivery.id, "payload": message.payload})

    async def _admit(self, delivery: Delivery, call: bytes) -> AckableMessage | None:
        if delivery.attempt > MAX_ATTEMPTS:
            await self._bury(delivery, Death.LOST, "Its workers never came back.")
            return None
        self.held[delivery.id] = delivery
        return AckableMessage(data=call, ack=_nothing)

    async def _bury(self, delivery: Delivery, reason: Death, error: str) -> None:
        logger.error("dead job", extra={"number": delivery.id, "reason": reason})
        await self._stream.bury(delivery, reason, error)


async def _nothing() -> None:
    """Acknowledge nothing: the performer knows better when."""
