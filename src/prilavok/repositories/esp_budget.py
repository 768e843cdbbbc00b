"""How often all processes together may ask the email service provider, and when not.

The pause is the shared half of the circuit breaker: whoever learns that the provider
wants to be left alone, or is down, tells everybody.
"""

from time import time
from typing import Any, Final, final

from limits import RateLimitItemPerMinute
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis

from prilavok.domain.esp_delivery import Pause
from prilavok.repositories.guess_limits import KEY_PREFIX
from prilavok.repositories.play_limits import open_storage
from prilavok.repositories.redis_client import redis_errors

PAUSE: Final = f"{KEY_PREFIX}:esp-pause"
MILLISECONDS: Final = 1000
# The window ends in this moment for whoever looks at the edge of it.
SHORTEST_SECONDS: Final = 0.05


@final
class EspBudget:
    """Calls in any sixty seconds, and pauses; ``Unavailable`` when Redis is away."""

    def __init__(self, redis: Redis, per_minute: int) -> None:
        """Keep the limit; the connections are the caller's."""
        # Untyped: redis-py declares some answers as awaitable and as plain at once.
        self._redis: Any = redis
        self._limit = RateLimitItemPerMinute(per_minute, 1, "esp")
        self._limiter = MovingWindowRateLimiter(open_storage(redis))

    async def take(self) -> bool:
        """Count one call that is about to be made; False when it may not be."""
        with redis_errors():
            return await self._limiter.hit(self._limit)

    async def seconds_spent(self) -> float:
        """Tell for how long no call may be made; 0 while the budget lasts."""
        with redis_errors():
            window = await self._limiter.get_window_stats(self._limit)
        left = window.reset_time - time()
        return 0 if window.remaining > 0 else max(left, SHORTEST_SECONDS)

    async def find_pause(self) -> Pause | None:
        """Tell whether the provider is to be left alone, and why."""
        with redis_errors():
            left = await self._redis.pttl(PAUSE)
            if left <= 0:
                return None
            reason = await self._redis.get(PAUSE)
        return None if reason is None else Pause(left / MILLISECONDS, reason.decode())

    async def pause(self, pause: Pause) -> None:
        """Leave the provider alone, unless that is so for longer already."""
        milliseconds = round(pause.seconds * MILLISECONDS)
        with redis_errors():
            if await self._redis.pttl(PAUSE) < milliseconds:
                await self._redis.set(PAUSE, pause.reason, px=milliseconds)

    async def end_pause(self) -> None:
        """Go on asking."""
        with redis_errors():
            await self._redis.delete(PAUSE)
