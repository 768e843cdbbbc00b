"""Putting the services of sources together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import final

from prilavok.clients.json_sources.client import SourceClient
from prilavok.repositories.source_results import SourceResultRepository
from prilavok.repositories.transaction import Database
from prilavok.services.sources.asking import SourceAsking
from prilavok.services.sources.breakers import Breakers
from prilavok.services.sources.gathering import SourceItemService
from prilavok.services.sources.memory import SourceMemory
from prilavok.services.sources.registry import SourceService
from prilavok.services.sources.seeding import SourceSeeding


@final
@dataclass(frozen=True, slots=True)
class SourceServices:
    """The services, which share a client and what is remembered."""

    registry: SourceService
    seeding: SourceSeeding
    items: SourceItemService


def assemble_sources(
    database: Database,
    stored: SourceResultRepository,
    client: SourceClient,
    seconds: float,
    now: Callable[[], datetime],
) -> SourceServices:
    """Build them; ``seconds``: the most that any source is waited for."""
    memory = SourceMemory(stored, now)
    registry = SourceService(
        reading=database.reading,
        transaction=database.transaction,
        client=client,
        memory=memory,
        timeout_s=seconds,
    )
    asking = SourceAsking(client, seconds, monotonic, Breakers(monotonic))
    return SourceServices(
        registry,
        SourceSeeding(database.transaction, client, seconds),
        SourceItemService(database.reading, asking, memory),
    )
