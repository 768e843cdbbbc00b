"""Counters of wrong passwords, shared by all processes through Redis."""

from functools import cached_property
from math import ceil
from time import time
from typing import Any, Final, final

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from redis.asyncio import Redis

from prilavok.repositories.redis_client import PREFIX, redis_errors

KEY_PREFIX: Final = f"{PREFIX}limits"
# Guesses that were wrong; without this word also those under judgement.
WRONG: Final = "wrong"


@final
class GuessLimits:
    """How many wrong passwords a window allows; windows start at the first one.

    The narrow limit counts an account as guessed from one origin, so that nobody
    locks out the owner, who sits elsewhere. The wide one counts an origin over all
    accounts. ``Unavailable`` when Redis is away.
    """

    def __init__(
        self,
        redis: Redis,
        attempts: int,
        attempts_per_address: int,
        window_seconds: int,
    ) -> None:
        """Keep the limits; the connections are the caller's."""
        self._narrow = RateLimitItemPerSecond(attempts, window_seconds, "login")
        self._wide = RateLimitItemPerSecond(
            attempts_per_address,
            window_seconds,
            "login-address",
        )
        # Its options are typed for strings and numbers; a pool is one of them, too.
        self._pool: Any = redis.connection_pool

    async def reserve(self, account: str, origin: str) -> bool:
        """Take one guess before it is judged, so that parallel ones count too."""
        narrow, wide = self._keys(account, origin)
        with redis_errors():
            if await self._take(self._wide, wide):
                if await self._take(self._narrow, narrow):
                    return True
                await self._add(self._wide, wide, -1)
        return False

    async def settle(self, account: str, origin: str, *, is_wrong: bool) -> None:
        """Count a wrong guess for good, or give back one that was not."""
        narrow, wide = self._keys(account, origin)
        with redis_errors():
            if is_wrong:
                await self._add(self._narrow, f"{narrow}/{WRONG}", 1)
                await self._add(self._wide, f"{wide}/{WRONG}", 1)
            else:
                await self._add(self._narrow, narrow, -1)
                await self._add(self._wide, wide, -1)

    async def is_exhausted(self, account: str, origin: str) -> bool:
        """Tell whether the wrong guesses alone have used a limit up."""
        narrow, wide = self._keys(account, origin)
        with redis_errors():
            wrong = await self._storage.get(f"{narrow}/{WRONG}")
            wrong_of_origin = await self._storage.get(f"{wide}/{WRONG}")
        return wrong >= self._narrow.amount or wrong_of_origin >= self._wide.amount

    async def seconds_left(self, account: str, origin: str) -> int:
        """Tell when a new window begins, at least one second from now."""
        with redis_errors():
            ends = [
                await self._storage.get_expiry(key)
                for key in self._keys(account, origin)
            ]
        return max(1, ceil(max(ends) - time()))

    @cached_property
    def _storage(self) -> RedisStorage:
        """Make it when somebody signs in: it imports every client that is there."""
        return RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix=KEY_PREFIX,
            connection_pool=self._pool,
        )

    def _keys(self, account: str, origin: str) -> tuple[str, str]:
        return self._narrow.key_for(account, origin), self._wide.key_for(origin)

    async def _take(self, limit: RateLimitItem, key: str) -> bool:
        if await self._add(limit, key, 1) <= limit.amount:
            return True
        await self._add(limit, key, -1)
        return False

    async def _add(self, limit: RateLimitItem, key: str, amount: int) -> int:
        counted = await self._storage.incr(key, limit.get_expiry(), amount)
        if counted < 0:
            # The window ended between taking the guess and giving it back.
            await self._storage.clear(key)
        return counted
