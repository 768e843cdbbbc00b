"""The client of sources: a fetcher for the bodies, a reader for what is in them."""

from asyncio import timeout
from dataclasses import dataclass, field
from typing import Final, final

from prilavok.clients.json_sources.addresses import AddressRefused
from prilavok.clients.json_sources.items import ItemReader
from prilavok.clients.json_sources.lookups import Lookups
from prilavok.clients.json_sources.port import BodyFetcher, FetchFailed
from prilavok.domain.source_items import Delivery, SourceTarget
from prilavok.domain.source_statuses import SourceStatus
from prilavok.domain.sources import host_and_port

LOOKUP_SECONDS: Final = 1


@final
@dataclass(frozen=True, slots=True)
class SourceClient:
    """Fetches sources; what goes wrong is ``FetchFailed`` and nothing else."""

    fetcher: BodyFetcher
    lookups: Lookups
    reader: ItemReader = field(default_factory=ItemReader)

    async def fetch(self, target: SourceTarget, seconds: float) -> Delivery:
        """Fetch once within the time, which covers everything from name to items."""
        try:
            async with timeout(seconds):
                return await self.reader.read(await self.fetcher.fetch(target))
        except TimeoutError as error:
            raise FetchFailed(
                SourceStatus.TIMEOUT,
                "No complete answer in time.",
            ) from error

    async def is_refused(self, url: str) -> bool:
        """Tell whether the address leads now where we must not connect to.

        A name that does not resolve (yet, or in time) is not refused: every fetch
        looks again.
        """
        try:
            async with timeout(LOOKUP_SECONDS):
                await self.lookups.find(*host_and_port(url))
        except AddressRefused:
            return True
        except (OSError, ValueError):
            return False
        return False

    async def close(self) -> None:
        """Close connections and end threads."""
        self.reader.close()
        await self.fetcher.close()
        await self.lookups.close()
