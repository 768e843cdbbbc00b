"""What errors of the database tell to whoever reads the log."""

import pytest
from asyncpg import DiskFullError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.errors import Unavailable
from prilavok.repositories.database_errors import database_errors, is_passing


async def test_errors_never_show_parameters(engine: AsyncEngine) -> None:
    """36: credentials of sources and hashes of passwords are parameters, too."""
    failing = text("SELECT CAST(:secret AS text), 1 / 0")
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError, match="division by zero") as caught:
            await connection.execute(failing, {"secret": "of nobody's business"})

    assert "business" not in str(caught.value)


def test_a_full_disk_is_named() -> None:
    """18: whoever reads the answer knows what to do; later the same may work."""
    full = DiskFullError("could not extend file")
    with pytest.raises(Unavailable, match="no room left on its disk"):
        with database_errors():
            raise full

    assert is_passing(full)
    assert not is_passing(OSError("cannot read the log"))
