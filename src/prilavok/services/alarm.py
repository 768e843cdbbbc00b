"""The port by which services wake workers."""

from typing import Protocol
from uuid import UUID


class Alarm(Protocol):
    """Wakes whoever does the work that a row asks for.

    The row is the truth and this only the alarm clock: ring after the commit, never
    inside the transaction. A call may be lost, or come twice; therefore a periodic job
    looks for rows that nobody worked on.
    """

    async def ring(self, job: str, **payload: UUID | str | int) -> None:
        """Ask for this job soon; a failure is logged and never raised."""
