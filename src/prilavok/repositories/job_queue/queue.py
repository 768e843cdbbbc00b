"""The queue as everybody but a worker sees it: added to and looked at."""

from collections.abc import Iterable
from datetime import UTC, datetime
from re import ASCII
from re import compile as pattern
from typing import Any, Final, final

from redis.asyncio import Redis

from prilavok.domain.jobs import DeadJob, QueueState, WaitingJob
from prilavok.repositories.job_queue import keys
from prilavok.repositories.redis_client import queue_commands, redis_errors

MILLISECONDS: Final = 1000
# A worker that was killed leaves its name behind.
FORGET_AFTER_SECONDS: Final = 3600
# Atomic, and the note comes last: one without a message would keep everybody from
# asking until it ends.
ADD_UNLESS_DUE: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', ARGV[3], ARGV[4])
redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
return 1
"""
# Whatever else people write is no id, and Redis would refuse it as a mistake.
ID: Final = pattern(r"\d{1,19}-\d{1,19}", ASCII)


@final
class JobQueue:
    """All methods raise ``Unavailable`` when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        """Use a client that answers in bytes."""
        self._redis: Any = redis

    async def add(self, message: bytes) -> None:
        """Put a message at the end of the queue."""
        with redis_errors(keys.STORE):
            await self._redis.xadd(
                keys.QUEUE,
                {keys.MESSAGE: message},
                maxlen=keys.MAX_WAITING,
            )

    async def add_unless_due(self, job: str, message: bytes, seconds: int) -> None:
        """Put a periodic job's message into the queue, unless one waits already.

        Waiting is noted with the message, until the job begins or for these seconds.
        """
        with redis_errors(keys.STORE):
            await self._redis.eval(
                ADD_UNLESS_DUE,
                2,
                f"{keys.DUE}{job}",
                keys.QUEUE,
                seconds,
                keys.MAX_WAITING,
                keys.MESSAGE,
                message,
            )

    async def clear_due(self, job: str) -> None:
        """Note that a periodic job begins."""
        with redis_errors(keys.STORE):
            await self._redis.delete(f"{keys.DUE}{job}")

    async def state(self, now: datetime) -> QueueState:
        """Measure the queue; what is being worked on counts as waiting."""
        commands = queue_commands(self._redis)
        commands.xlen(keys.QUEUE)
        commands.xrange(keys.QUEUE, count=1)
        commands.xlen(keys.DEAD)
        with redis_errors(keys.STORE):
            waiting, oldest, dead = await commands.execute()
        age = now - _moment(oldest[0][0]) if oldest else None
        return QueueState(waiting, max(0, int(age.total_seconds())) if age else 0, dead)

    async def find_waiting(self, limit: int) -> list[WaitingJob]:
        """List messages, oldest first."""
        with redis_errors(keys.STORE):
            found = await self._redis.xrange(keys.QUEUE, count=limit)
            attempts = await self._attempts(limit) if found else {}
        return [
            WaitingJob(
                id=number.decode(),
                queued_at=_moment(number),
                attempts=attempts.get(number, 0),
                message=_text(entry.get(keys.MESSAGE)),
            )
            for number, entry in found
        ]

    async def find_dead(self, limit: int = keys.MAX_DEAD) -> list[DeadJob]:
        """List dead messages, newest first."""
        with redis_errors(keys.STORE):
            found = await self._redis.xrevrange(keys.DEAD, count=limit)
        return [
            DeadJob(
                id=number.decode(),
                died_at=_moment(number),
                reason=_text(entry.get(b"reason")),
                error=_text(entry.get(b"error")),
                attempts=int(entry.get(b"attempts", 0)),
                message=_text(entry.get(keys.MESSAGE)),
            )
            for number, entry in found
        ]

    async def retry(self, chosen: str) -> bool:
        """Move a dead message back to the queue; tell whether there was one."""
        if not ID.fullmatch(chosen):
            return False
        with redis_errors(keys.STORE):
            found = await self._redis.xrange(keys.DEAD, chosen, chosen)
            for number, entry in found:
                commands = queue_commands(self._redis)
                message = {keys.MESSAGE: entry.get(keys.MESSAGE, b"")}
                commands.xadd(keys.QUEUE, message, maxlen=keys.MAX_WAITING)
                commands.xdel(keys.DEAD, number)
                await commands.execute()
        return bool(found)

    async def forget_workers(self) -> int:
        """Remove the names of workers that ended long ago; tell how many."""
        with redis_errors(keys.STORE):
            if not await self._redis.exists(keys.QUEUE):
                return 0
            consumers = await self._redis.xinfo_consumers(keys.QUEUE, keys.GROUP)
            gone = list(_gone(consumers))
            for name in gone:
                await self._redis.xgroup_delconsumer(keys.QUEUE, keys.GROUP, name)
        return len(gone)

    async def _attempts(self, limit: int) -> dict[bytes, int]:
        if not await self._redis.xinfo_groups(keys.QUEUE):
            return {}
        pending = await self._redis.xpending_range(
            keys.QUEUE,
            keys.GROUP,
            "-",
            "+",
            limit,
        )
        return {one["message_id"]: one["times_delivered"] for one in pending}


def _gone(consumers: Iterable[Any]) -> Iterable[bytes]:
    for consumer in consumers:
        idle = consumer["idle"] / MILLISECONDS
        if not consumer["pending"] and idle > FORGET_AFTER_SECONDS:
            yield consumer["name"]


def _moment(number: bytes) -> datetime:
    """Read the time out of a stream's id, as the clock of Redis had it."""
    milliseconds = int(number.partition(b"-")[0])
    return datetime.fromtimestamp(milliseconds / MILLISECONDS, UTC)


def _text(found: bytes | None) -> str:
    return (found or b"").decode(errors="backslashreplace")
