"""What errors of the database tell to whoever reads the log."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine


async def test_errors_never_show_parameters(engine: AsyncEngine) -> None:
    """36: credentials of sources and hashes of passwords are parameters, too."""
    failing = text("SELECT CAST(:secret AS text), 1 / 0")
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError, match="division by zero") as caught:
            await connection.execute(failing, {"secret": "of nobody's business"})

    assert "business" not in str(caught.value)
