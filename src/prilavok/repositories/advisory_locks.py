"""Locks on what is no row."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


async def hold_until_end(session: AsyncSession, name: str) -> None:
    """Keep this name to the session's transaction; wait for whoever has it."""
    number = func.hashtextextended(f"prilavok.{name}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(number)))
