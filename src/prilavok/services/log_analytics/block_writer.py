"""Writing a parsed block, with all that follows from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol, final
from uuid import UUID

from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.repositories.log_imports.side_reader import SideReader
from prilavok.services.log_analytics.cart_writer import (
    add_cart_lines,
    doubt_later_votes,
)
from prilavok.services.log_analytics.known import Horizon
from prilavok.services.log_analytics.numbering import Numbering
from prilavok.services.log_analytics.own_thread import own_thread
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.ready_ahead import LookupAside, ReadyAhead
from prilavok.services.log_analytics.ready_blocks import BlockLookup, ReadyBlock

# With 4,096 an import is no faster, and a log in no order reads more than it needs.
PACK_EVENTS: Final = 1024


class Following(Protocol):
    """The blocks that come next."""

    def peek(self) -> ParsedBlock | None:
        """Return the next one if it is there already."""

    def read_on(self) -> None:
        """Parse more of them: the database is busy by itself now."""


@final
@dataclass(frozen=True, slots=True)
class _Turn:
    """How a block comes to be written.

    ``is_alone``: nobody else has written since the one before; where they take turns,
    looking ahead would be for nothing. ``is_first``: in its transaction, after which
    the data are of this ``generation``.
    """

    is_alone: bool
    is_first: bool
    generation: UUID


@final
class BlockWriter:
    """Writes the blocks of one import, each in a transaction of its caller.

    Meanwhile the next block is made ready, if it has been parsed: by another connection
    where that sees everything but the block at hand, else before the block's carts are
    written. So neither the database nor this process waits for long.
    """

    def __init__(self, lookup: BlockLookup, aside: LookupAside) -> None:
        """Have nothing ready yet."""
        self._lookup = lookup
        self._aside = aside
        self._ahead: ReadyAhead | None = None
        self._left: UUID | None = None

    async def write(
        self,
        logs: LogRepositories,
        block: ParsedBlock,
        following: Following,
    ) -> int:
        """Store the events that are not known yet, and return how many that are."""
        ready = await self._take(logs, block)
        turn = self._take_turn(logs)
        if ready is None:
            return 0
        is_only = turn.is_first and block.next_line is not None
        coming = following.peek() if turn.is_alone and is_only else None
        looking_up = self._aside.looking_up(coming, ready.unwritten, turn.generation)
        async with looking_up as ahead:
            await doubt_later_votes(logs, ready.events, ready.known)
            carts = await ready.add(logs)
            self._ahead = await ahead
        if turn.is_alone and self._ahead is None:
            await self._look_ahead(logs, following, turn.generation)
        following.read_on()
        await add_cart_lines(logs, carts)
        return len(ready.events)

    def _take_turn(self, logs: LogRepositories) -> _Turn:
        generations = logs.generations
        if generations is None:
            raise RuntimeError("A block is written in a transaction.")
        is_alone = self._left is None or self._left in generations
        is_first = self._left != generations.left
        self._left = generations.left
        return _Turn(is_alone, is_first, generations.left)

    async def _take(
        self, logs: LogRepositories, block: ParsedBlock
    ) -> ReadyBlock | None:
        ahead = self._ahead
        self._ahead = None
        if ahead is not None and ahead.is_valid(logs, block):
            return ahead.ready
        return await self._lookup.make_ready(logs, block)

    async def _look_ahead(
        self,
        logs: LogRepositories,
        following: Following,
        generation: UUID,
    ) -> None:
        block = following.peek()
        if block is not None:
            ready = await self._lookup.make_ready(logs, block)
            self._ahead = ReadyAhead(block, ready, generation)


@contextmanager
def open_writer(
    numbering: Numbering,
    horizon: Horizon,
    pack_size: int,
    import_id: int,
    side: SideReader,
) -> Iterator[BlockWriter]:
    """Write the blocks of one import, with a thread of its own."""
    with own_thread("log-summaries") as thread:
        lookup = BlockLookup(numbering, horizon, pack_size, import_id, thread)
        yield BlockWriter(lookup, LookupAside(lookup, side))
