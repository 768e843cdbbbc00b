"""Finding imports that nobody works on, and files that nobody needs."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, final

from prilavok.clients.files import FileStore
from prilavok.domain.access import Actor
from prilavok.repositories.log_imports.store import LogStore
from prilavok.repositories.transaction import Transaction
from prilavok.services.alarm import Alarm
from prilavok.services.sweeping import never, sweep

logger = logging.getLogger(__name__)
# Who works on an import says so every ten seconds.
SILENT_SECONDS: Final = 60
MAX_CALLED: Final = 10
ORPHAN_AGE: Final = timedelta(hours=1)
PART_AGE: Final = timedelta(days=1)


@final
@dataclass(frozen=True, slots=True)
class ImportUpkeep:
    """Does now and then what crashes have left undone."""

    store: LogStore
    files: FileStore
    transaction: Transaction
    alarm: Alarm
    silent_seconds: float = SILENT_SECONDS

    async def call(self) -> None:
        """Call workers for imports that nobody works on; end stalled ones before."""
        async with self.store.session() as session:
            tasks = session.reading().tasks
            if await tasks.end_stalled(self.silent_seconds):
                logger.warning("stalled imports taken from their workers")
            waiting = await tasks.find_unfinished(MAX_CALLED)
        for import_id in waiting:
            await self.alarm.ring("import-log", id=import_id)

    async def tidy(
        self,
        actor: Actor,
        is_stopping: Callable[[], bool] = never,
    ) -> None:
        """Remove files that no import needs, and keys that are too old."""
        await sweep(partial(self._forget_keys, actor), is_stopping)
        old = await self.files.find_older(ORPHAN_AGE)
        async with self.transaction(actor) as repositories:
            needed = await repositories.imports.find_uploads()
        for name in set(old) - needed:
            if is_stopping():
                return
            await self.files.remove(name)
        await asyncio.to_thread(self.files.remove_parts, PART_AGE)

    async def _forget_keys(self, actor: Actor, at_once: int) -> int:
        async with self.transaction(actor) as repositories:
            return await repositories.imports.keys.forget_old(at_once)
