"""Writing a parsed block, with all that follows from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol, final
from uuid import UUID

from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.services.log_analytics.cart_writer import (
    add_cart_lines,
    doubt_later_votes,
)
from prilavok.services.log_analytics.known import Horizon
from prilavok.services.log_analytics.numbering import Numbering
from prilavok.services.log_analytics.own_thread import own_thread
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.ready_blocks import BlockLookup, ReadyBlock

# With 4,096 an import is no faster, and a log in no order reads more than it needs.
PACK_EVENTS: Final = 1024


class Following(Protocol):
    """The blocks that come next."""

    def peek(self) -> ParsedBlock | None:
        """Return the next one if it is there already."""


@final
@dataclass(frozen=True, slots=True)
class _ReadyAhead:
    """The next block, looked up while the data were of this generation."""

    block: ParsedBlock
    ready: ReadyBlock | None
    generation: UUID

    def is_valid(self, logs: LogRepositories, block: ParsedBlock) -> bool:
        """Tell whether nobody else has written since."""
        return self.block is block and self.generation in (logs.generations or ())


@final
class BlockWriter:
    """Writes the blocks of one import, each in a transaction of its caller.

    While the database is busy with a block's carts, the next block is made ready, if
    it has been parsed: so neither the database nor this process waits for long.
    """

    def __init__(self, lookup: BlockLookup) -> None:
        """Have nothing ready yet."""
        self._lookup = lookup
        self._ahead: _ReadyAhead | None = None
        self._left: UUID | None = None

    async def write(
        self,
        logs: LogRepositories,
        block: ParsedBlock,
        following: Following,
    ) -> int:
        """Store the events that are not known yet, and return how many that are."""
        ready = await self._take(logs, block)
        if ready is None:
            return 0
        await doubt_later_votes(logs, ready.events, ready.known)
        carts = await ready.add(logs)
        await self._look_ahead(logs, following)
        await add_cart_lines(logs, carts)
        return len(ready.events)

    async def _take(
        self, logs: LogRepositories, block: ParsedBlock
    ) -> ReadyBlock | None:
        ahead = self._ahead
        self._ahead = None
        if ahead is not None and ahead.is_valid(logs, block):
            return ahead.ready
        return await self._lookup.make_ready(logs, block)

    async def _look_ahead(self, logs: LogRepositories, following: Following) -> None:
        """Make the next block ready, unless somebody else writes by turns with us.

        Then it would be done for nothing, block after block.
        """
        generations = logs.generations
        if generations is None:
            return
        is_alone = self._left is None or self._left in generations
        self._left = generations.left
        block = following.peek()
        if is_alone and block is not None:
            ready = await self._lookup.make_ready(logs, block)
            self._ahead = _ReadyAhead(block, ready, generations.left)


@contextmanager
def open_writer(
    numbering: Numbering,
    horizon: Horizon,
    pack_size: int,
    import_id: int,
) -> Iterator[BlockWriter]:
    """Write the blocks of one import, with a thread of its own."""
    with own_thread("log-summaries") as thread:
        yield BlockWriter(BlockLookup(numbering, horizon, pack_size, import_id, thread))
