"""How often an address and an email may play, over all processes."""

from hashlib import sha256
from math import ceil
from time import monotonic, time
from typing import Any, Final, TypeAlias, final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from redis.asyncio import Redis

from prilavok.domain.errors import Unavailable
from prilavok.repositories.guess_limits import KEY_PREFIX
from prilavok.repositories.redis_client import redis_errors

Storage: TypeAlias = RedisStorage | MemoryStorage
# How long Redis is left alone once it did not answer: a play must not wait for it.
AWAY_SECONDS: Final = 1


@final
class PlayLimits:
    """Counts plays in minutes that begin with the first one.

    While Redis is away each process counts for itself, so that the game goes on and
    the limits hold within a process.
    """

    def __init__(self, redis: Redis, per_address: int, per_mail: int) -> None:
        """Keep the limits; the connections are the caller's."""
        self._per_address = RateLimitItemPerMinute(per_address, 1, "plays")
        self._per_mail = RateLimitItemPerMinute(per_mail, 1, "plays-mail")
        self._shared = open_storage(redis)
        self._own = MemoryStorage()
        self._away_until = float("-inf")

    async def take(self, origin: str, email: str) -> int:
        """Count a play; 0 when it is allowed, else seconds until the next may be."""
        digest = sha256(email.encode()).hexdigest()
        wait = await self._hit(self._per_address, origin)
        return wait or await self._hit(self._per_mail, digest)

    async def _hit(self, limit: RateLimitItem, whose: str) -> int:
        if monotonic() >= self._away_until:
            try:
                return await _count(self._shared, limit, whose)
            except Unavailable:
                self._away_until = monotonic() + AWAY_SECONDS
        return await _count(self._own, limit, whose)


def open_storage(redis: Redis) -> RedisStorage:
    """Let the library count by our connections."""
    # Its options are typed for strings and numbers; a pool is one of them, too.
    pool: Any = redis.connection_pool
    return RedisStorage(
        "async+redis://",
        implementation="redispy",
        key_prefix=KEY_PREFIX,
        connection_pool=pool,
    )


async def _count(storage: Storage, limit: RateLimitItem, whose: str) -> int:
    key = limit.key_for(whose)
    with redis_errors():
        if await storage.incr(key, limit.get_expiry()) <= limit.amount:
            return 0
        return max(1, ceil(await storage.get_expiry(key) - time()))
