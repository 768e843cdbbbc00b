"""Putting the services of sources together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import final

from prilavok.repositories.source_results import SourceResultRepository
from prilavok.repositories.transaction import Database
from prilavok.services.sources.asking import SourceAsking
from prilavok.services.sources.gathering import SourceItemService
from prilavok.services.sources.memory import SourceMemory
from prilavok.services.sources.registry import SourceService
from prilavok.services.sources.rounds import SourceRounds
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
    asking: SourceAsking,
    now: Callable[[], datetime],
) -> SourceServices:
    """Build them; whoever asks sources does it as ``asking`` does."""
    memory = SourceMemory(stored, now)
    registry = SourceService(
        reading=database.reading,
        transaction=database.transaction,
        client=asking.client,
        memory=memory,
        timeout_s=asking.max_seconds,
    )
    return SourceServices(
        registry,
        SourceSeeding(database.transaction, asking.client, asking.max_seconds),
        SourceItemService(database.reading, SourceRounds(asking, memory), memory),
    )
