"""Removing what is due, however much it is, in batches that are each over soon."""

from collections.abc import Awaitable, Callable
from typing import Final

# Rows of a batch: little work for the database, and few locks.
SWEPT_AT_ONCE: Final = 5000


def never() -> bool:
    """Tell a sweep that nobody stops it."""
    return False


async def sweep(
    remove: Callable[[int], Awaitable[int]],
    is_stopping: Callable[[], bool] = never,
    at_once: int = SWEPT_AT_ONCE,
) -> int:
    """Call ``remove`` until it finds less than a full batch; return how many went.

    Each call commits for itself, so that nothing is lost and no lock is kept when the
    sweep stops between two: the next one goes on from there.
    """
    removed = 0
    while not is_stopping():
        gone = await remove(at_once)
        removed += gone
        if gone < at_once:
            break
    return removed
