"""The shortest questions that show a store is there."""

from typing import Any, Final

from redis.asyncio import Redis
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.errors import Unavailable
from prilavok.repositories.database_errors import database_errors
from prilavok.repositories.redis_client import redis_errors

IS_READ_ONLY: Final = select(func.current_setting("transaction_read_only"))


async def probe_database(engine: AsyncEngine) -> None:
    """Raise ``Unavailable`` unless PostgreSQL answers and takes writes."""
    with database_errors():
        async with engine.connect() as connection:
            is_read_only = await connection.scalar(IS_READ_ONLY)
    if is_read_only == "on":
        raise Unavailable("The database takes no writes at the moment.")


async def probe_redis(redis: Redis) -> None:
    """Raise ``Unavailable`` unless Redis answers."""
    client: Any = redis
    with redis_errors():
        await client.ping()
