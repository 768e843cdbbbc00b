"""The connection that a pool lends, below SQLAlchemy."""

from typing import Any, TypeAlias

Driver: TypeAlias = Any  # asyncpg's connection, as SQLAlchemy's pool lends it
