"""What all peers share: addresses, limits, and statements in plain SQL."""

import os
from typing import Final

DATABASE_URL: Final = os.environ["DATABASE_URL"]
REDIS_URL: Final = os.environ["REDIS_URL"]
PORT: Final = int(os.environ["HTTP_PORT"])
POOL_SIZE: Final = 10
COOKIE: Final = "session"
SESSION_PREFIX: Final = "prilavok:bench:"
NEEDED: Final = "users:read"
DEFAULT_PER_PAGE: Final = 50
MAX_PER_PAGE: Final = 200


def session_key(token: str) -> str:
    """Name a session in Redis, where it is the user's id."""
    return f"{SESSION_PREFIX}{token}"


def orm_url() -> str:
    """Name SQLAlchemy's driver."""
    return DATABASE_URL.replace("postgresql://", "postgresql+asyncpg://")
