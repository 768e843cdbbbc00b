"""The queue as one worker sees it: messages taken, kept, finished, given back.

Redis counts how often each message was handed out. One that is neither finished nor
kept for a while is handed out again: its worker died, lost us, or failed at it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, final

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from prilavok.domain.jobs import Death, Delivery
from prilavok.repositories.job_queue import keys
from prilavok.repositories.redis_client import queue_commands, redis_errors

MILLISECONDS: Final = 1000
BLOCK_MILLISECONDS: Final = 1000
MAX_ERROR: Final = 500
MAX_HELD: Final = 1000
# Nobody's: whoever looks for lost messages finds these at once.
RETURNED: Final = "returned"
LONG_AGO_MILLISECONDS: Final = 86_400_000


@final
class JobStream:
    """All methods raise ``Unavailable`` when Redis is away.

    A queue that was wiped is made again; what a worker still has in hand is then
    finished by nobody else.
    """

    def __init__(self, redis: Redis, worker: str, lost_seconds: float) -> None:
        """Take messages under this name, which no other worker may have.

        The client answers in bytes, and waits longer than a second for an answer.
        What nobody kept for ``lost_seconds`` is lost.
        """
        self._redis: Any = redis
        self._worker = worker
        self._lost = int(lost_seconds * MILLISECONDS)

    async def take_new(self) -> Delivery | None:
        """Return the next message that nobody had, waiting up to a second for it."""
        with redis_errors(keys.STORE):
            found = await self._reading(
                self._redis.xreadgroup,
                groupname=keys.GROUP,
                consumername=self._worker,
                streams={keys.QUEUE: ">"},
                count=1,
                block=BLOCK_MILLISECONDS,
            )
        return _delivery(found[0][1], 1) if found else None

    async def take_lost(self) -> Delivery | None:
        """Return a message that somebody had and did not finish, if there is one."""
        with redis_errors(keys.STORE):
            pending = await self._reading(
                self._redis.xpending_range,
                keys.QUEUE,
                keys.GROUP,
                "-",
                "+",
                1,
                idle=self._lost,
            )
            if not pending:
                return None
            claimed = await self._redis.xclaim(
                keys.QUEUE,
                keys.GROUP,
                self._worker,
                self._lost,
                [pending[0]["message_id"]],
            )
        # Another worker may have been quicker; then this is empty.
        return _delivery(claimed, pending[0]["times_delivered"] + 1)

    async def keep(self, deliveries: Iterable[str]) -> None:
        """Say that these are still in hand."""
        held = list(deliveries)
        if held:
            with redis_errors(keys.STORE):
                await self._reading(
                    self._redis.xclaim,
                    keys.QUEUE,
                    keys.GROUP,
                    self._worker,
                    0,
                    held,
                    justid=True,
                )

    async def finish(self, delivery: Delivery) -> None:
        """Take a message out of the queue: its work is done."""
        commands = queue_commands(self._redis)
        _take_out(commands, delivery)
        with redis_errors(keys.STORE):
            await commands.execute()

    async def bury(self, delivery: Delivery, reason: Death, error: str) -> None:
        """Move a message to the dead list."""
        commands = queue_commands(self._redis)
        entry = {
            keys.MESSAGE: delivery.message,
            "reason": reason,
            "error": error[:MAX_ERROR],
            "attempts": delivery.attempt,
        }
        commands.xadd(keys.DEAD, entry, maxlen=keys.MAX_DEAD)
        _take_out(commands, delivery)
        with redis_errors(keys.STORE):
            await commands.execute()

    async def leave(self) -> None:
        """Give back everything unfinished, as if this worker had never had it."""
        with redis_errors(keys.STORE):
            held = await self._reading(
                self._redis.xpending_range,
                keys.QUEUE,
                keys.GROUP,
                "-",
                "+",
                MAX_HELD,
                consumername=self._worker,
            )
            for one in held or ():
                await self._give_back(one["message_id"], one["times_delivered"] - 1)
            if len(held or ()) < MAX_HELD:
                await self._reading(
                    self._redis.xgroup_delconsumer,
                    keys.QUEUE,
                    keys.GROUP,
                    self._worker,
                )

    async def _give_back(self, number: bytes, attempts: int) -> None:
        await self._redis.xclaim(
            keys.QUEUE,
            keys.GROUP,
            RETURNED,
            0,
            [number],
            idle=LONG_AGO_MILLISECONDS,
            retrycount=attempts,
            justid=True,
        )

    async def _reading(self, command: Any, *words: Any, **options: Any) -> Any:
        """Run a command; where there is no group, make it and return ``None``."""
        try:
            return await command(*words, **options)
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
        await self._make_group()
        return None

    async def _make_group(self) -> None:
        try:
            await self._redis.xgroup_create(keys.QUEUE, keys.GROUP, "0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise


def _delivery(entries: Sequence[Any], attempt: int) -> Delivery | None:
    if not entries:
        return None
    number, entry = entries[0]
    return Delivery(number.decode(), entry.get(keys.MESSAGE, b""), attempt)


def _take_out(commands: Any, delivery: Delivery) -> None:
    commands.xack(keys.QUEUE, keys.GROUP, delivery.id)
    commands.xdel(keys.QUEUE, delivery.id)
