"""Making the next block ready by another connection, while this one is written."""

import logging
from asyncio import Task, create_task, gather
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import final
from uuid import UUID

from prilavok.domain.errors import Unavailable
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.repositories.log_imports.side_reader import SideReader
from prilavok.services.log_analytics.must_write import MustWrite
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.ready_blocks import BlockLookup, ReadyBlock
from prilavok.services.log_analytics.unwritten import Unwritten

logger = logging.getLogger(__name__)


@final
@dataclass(frozen=True, slots=True)
class ReadyAhead:
    """The next block, looked up while the data were of this generation."""

    block: ParsedBlock
    ready: ReadyBlock | None
    generation: UUID

    def is_valid(self, logs: LogRepositories, block: ParsedBlock) -> bool:
        """Tell whether nobody else has written since."""
        return self.block is block and self.generation in (logs.generations or ())


@final
class LookupAside:
    """Looks blocks up by a second connection; where that fails, it looks no more."""

    def __init__(self, lookup: BlockLookup, side: SideReader) -> None:
        """Connect when there is something to look up."""
        self._lookup = lookup
        self._side: SideReader | None = side

    @asynccontextmanager
    async def looking_up(
        self,
        block: ParsedBlock | None,
        unwritten: Unwritten,
        generation: UUID,
    ) -> AsyncIterator["Task[ReadyAhead | None]"]:
        """Make the block ready meanwhile; None where that was not possible.

        It must be the only one that the transaction of this generation writes.
        """
        task = create_task(self._look_up(block, unwritten, generation))
        try:
            yield task
        finally:
            task.cancel()
            await gather(task, return_exceptions=True)

    async def _look_up(
        self,
        block: ParsedBlock | None,
        unwritten: Unwritten,
        generation: UUID,
    ) -> ReadyAhead | None:
        if block is None or self._side is None:
            return None
        try:
            async with self._side.reading() as logs:
                ready = await self._lookup.make_ready(logs, block, unwritten)
        except MustWrite:
            return None
        except Unavailable as error:
            logger.warning("import goes on with one connection", exc_info=error)
            self._side = None
            return None
        return ReadyAhead(block, ready, generation)
