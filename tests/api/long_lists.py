"""A list that is longer than the buffers of connections."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

# Together far more than the buffers of any connection hold.
MANY: Final = text(
    """
    INSERT INTO players (email, email_given, esp_state, esp_error)
    SELECT n || '@example.com', n || '@example.com', 'rejected', repeat('x', 400)
    FROM generate_series(1, 20000) AS n
    """,
)


@pytest.fixture
async def players(empty_tables: None, owner_engine: AsyncEngine) -> AsyncIterator[None]:
    """Have a list that is long enough; leave none of it to others."""
    async with owner_engine.begin() as connection:
        await connection.execute(MANY)
    yield
    async with owner_engine.begin() as connection:
        await connection.execute(text("TRUNCATE players, play_keys"))
