"""Whole lists, read in batches."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias, TypeVar

from prilavok.domain.paging import Batch
from prilavok.repositories.transaction import Reading, Repositories

ItemT = TypeVar("ItemT")
Coming: TypeAlias = Awaitable[Batch[ItemT]]


async def read_whole(
    reading: Reading,
    read: Callable[[Repositories, Any], Coming[ItemT]],
) -> AsyncIterator[ItemT]:
    """Yield all items; ``read`` receives the place where its batch begins.

    Between two batches no connection is held, however slow the reader is: ten readers
    who do not read would otherwise hold all there are.
    """
    batch = await _read(reading, read, None)
    while True:
        for found in batch.items:
            yield found
        if batch.next is None:
            return
        batch = await _read(reading, read, batch.next)


async def _read(
    reading: Reading,
    read: Callable[[Repositories, Any], Coming[ItemT]],
    place: Any,
) -> Batch[ItemT]:
    async with reading() as repositories:
        return await read(repositories, place)
