"""Sources that the settings name: sown once, and followed when they move."""

import logging
from asyncio import gather
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Final, final

from prilavok.clients.json_sources.client import SourceClient
from prilavok.domain.access import Actor
from prilavok.repositories.transaction import Transaction
from prilavok.services.retries import retry_collisions

logger = logging.getLogger(__name__)
SYSTEM: Final = Actor(request_id="start", login="system")


@final
@dataclass(frozen=True, slots=True)
class SourceSeeding:
    """What happens at the start. ``timeout_s``: seconds that seeded sources have."""

    transaction: Transaction
    client: SourceClient
    timeout_s: float

    @retry_collisions
    async def seed(self, wanted: Mapping[str, str]) -> None:
        """Add sources by name and address, once: when there has never been any.

        An address that must not be connected to is told in the log; the source then
        shows why it fails.
        """
        async with self.transaction(SYSTEM) as repositories:
            counted = await repositories.sources.count_alone()
            if counted or await repositories.history.knows("sources"):
                return
            for name, url in wanted.items():
                columns = {"name": name, "url": url, "timeout_s": self.timeout_s}
                await repositories.sources.add(columns)
        refused = await gather(*map(self.client.is_refused, wanted.values()))
        for name in compress(wanted, refused):
            logger.warning("source refused", extra={"source": name})

    @retry_collisions
    async def readdress(self, moves: Mapping[str, str]) -> None:
        """Follow servers that moved, from old addresses to new ones."""
        async with self.transaction(SYSTEM) as repositories:
            for old, new in moves.items():
                await repositories.sources.readdress(old, new)
