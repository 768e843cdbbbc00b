"""Whether one more log may come: there is room for it, and its bringer has few."""

from asyncio import to_thread
from dataclasses import dataclass
from typing import Final, final

from prilavok.clients.files import FileStore
from prilavok.domain.access import Actor
from prilavok.domain.import_jobs import FileStoreFull, TooManyImports
from prilavok.repositories.transaction import Repositories

# Some import may have ended by then, or an operator made room.
RETRY_SECONDS: Final = 30


@final
@dataclass(frozen=True, slots=True)
class ImportRoom:
    """Limits what waits: files on the disk, and ``most`` imports of one user."""

    files: FileStore
    most: int

    async def check(self, size: int) -> None:
        """Raise ``FileStoreFull`` where so many bytes have no room."""
        if not await to_thread(self.files.has_room, size):
            raise FileStoreFull("There is no room for this file.", RETRY_SECONDS)

    async def claim(self, actor: Actor, repositories: Repositories) -> None:
        """Raise ``TooManyImports`` for one more; then nobody queues one meanwhile."""
        if actor.user_id is None:
            return
        waiting = await repositories.imports.count_unfinished(actor.user_id)
        if waiting >= self.most:
            raise TooManyImports(
                f"{waiting} of your imports wait or run, as many as may.",
                RETRY_SECONDS,
            )
