"""What the processes without HTTP have in common."""

from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Final

from redis.asyncio import Redis

from prilavok.log_config import configure_logging
from prilavok.repositories.redis_client import create_redis
from prilavok.settings import Settings, SettingsError, load_settings

# A worker waits a second for a message.
ANSWER_SECONDS: Final = 3


def background_settings() -> Settings:
    """Make the workers' Redis user the only one that this process knows."""
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    url = settings.worker_redis_url or settings.redis_url
    if url is None:
        raise SettingsError("WORKER_REDIS_URL: not set, and no `make run` is running.")
    return replace(settings, redis_url=url)


def open_redis(settings: Settings, stack: AsyncExitStack) -> Redis:
    """Connect for as long as the stack is open."""
    redis = create_redis(settings.redis_url or "", ANSWER_SECONDS)
    stack.push_async_callback(redis.aclose, close_connection_pool=True)
    return redis
