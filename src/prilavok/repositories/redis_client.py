"""How we connect to Redis, and what its failures mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.maint_notifications import MaintNotificationsConfig

from prilavok.domain.errors import Unavailable
from prilavok.repositories.redis_pool import HealingPool

PREFIX: Final = "prilavok:"
POOL_SIZE: Final = 50
# A request waits for a free connection and then for its answer: together less than a
# second, whatever is wrong with Redis; the library's own defaults make it twelve.
POOL_WAIT_SECONDS: Final = 0.3
TIMEOUT_SECONDS: Final = 0.5


def create_redis(url: str, answer_seconds: float = TIMEOUT_SECONDS) -> Redis:
    """Prepare a pool whose every wait is bounded; answers are bytes."""
    pool = HealingPool.from_url(
        url,
        max_connections=POOL_SIZE,
        timeout=POOL_WAIT_SECONDS,
        socket_timeout=answer_seconds,
        socket_connect_timeout=TIMEOUT_SECONDS,
        # Once more where the server hung up, never where it did not answer in time.
        retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        decode_responses=False,
        # Two more round trips for each connection, to tell the server about a library
        # and to ask for what a cloud offers. A crowd that comes back after an outage
        # opens fifty at once: without them in a quarter of the time.
        driver_info=None,
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
    )
    return Redis.from_pool(pool)


def queue_commands(redis: Redis, *, is_atomic: bool = True) -> Any:
    """Collect commands to run in one round trip, and unless told as one transaction.

    Untyped: redis-py declares queued commands as awaitables, which they are not.
    """
    return redis.pipeline(transaction=is_atomic)


@contextmanager
def redis_errors(store: str = "session store") -> Iterator[None]:
    """Raise ``Unavailable`` when Redis is away, full or refuses."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        raise Unavailable(f"The {store} does not answer.") from error
