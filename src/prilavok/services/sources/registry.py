"""The registry: which sources there are."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, final
from uuid import UUID

from prilavok.clients.json_sources.client import SourceClient
from prilavok.domain.access import Actor
from prilavok.domain.errors import Invalid
from prilavok.domain.faults import Fault, FaultCode
from prilavok.domain.paging import Page
from prilavok.domain.sources import (
    MAX_SOURCES,
    Changes,
    CreateSource,
    ListSources,
    Source,
    TooManySources,
    same_origin,
)
from prilavok.domain.versions import Expected
from prilavok.repositories.transaction import Reading, Transaction
from prilavok.services.retries import retry_collisions
from prilavok.services.sources.columns import changed_columns, created_columns
from prilavok.services.sources.memory import SourceMemory
from prilavok.services.stale import check_version

logger = logging.getLogger(__name__)
NOT_PUBLIC: Final = Fault(
    "The host has an address that is not public.",
    FaultCode.INVALID,
)


@final
@dataclass(frozen=True, slots=True)
class SourceService:
    """Use cases of the registry. ``timeout_s``: seconds that no source may exceed."""

    reading: Reading
    transaction: Transaction
    client: SourceClient
    memory: SourceMemory
    timeout_s: float

    async def get(self, source_id: UUID) -> Source:
        """Show one source with what came of asking it last."""
        async with self.reading() as repositories:
            source = await repositories.sources.get(source_id)
        return await self._with_last(source)

    async def list_page(self, query: ListSources) -> Page[Source]:
        """Show part of the sources, each with what came of asking it last."""
        async with self.reading() as repositories:
            page = await repositories.sources.get_page(query)
        last = await self.memory.find_last(page.items)
        return page.with_items(
            [replace(source, last=last.get(source.id)) for source in page.items],
        )

    @retry_collisions
    async def create(self, actor: Actor, command: CreateSource) -> Source:
        """Add a source."""
        columns = created_columns(command)
        await self._check(columns)
        columns.setdefault("timeout_s", self.timeout_s)
        async with self.transaction(actor) as repositories:
            if await repositories.sources.count_alone() >= MAX_SOURCES:
                raise TooManySources(f"At most {MAX_SOURCES} sources.")
            source_id = await repositories.sources.add(columns)
            source = await repositories.sources.get(source_id)
        logger.info("source added", extra={"source": source.name})
        return source

    @retry_collisions
    async def edit(
        self,
        actor: Actor,
        source_id: UUID,
        changes: Changes,
        expected: Expected,
    ) -> Source:
        """Change what is given; a credential never moves on to another server."""
        await self._check(changes)
        columns = changed_columns(changes)
        async with self.transaction(actor) as repositories:
            source = await repositories.sources.lock(source_id)
            await check_version(repositories.last_changes, expected, "sources", source)
            if not same_origin(source.url, changes.get("url", source.url)):
                columns = {**changed_columns({"credential": None}), **columns}
            if columns:
                await repositories.sources.edit(source_id, columns)
            source = await repositories.sources.get(source_id)
        logger.info("source changed", extra={"source": source.name})
        return await self._with_last(source)

    @retry_collisions
    async def remove(self, actor: Actor, source_id: UUID, expected: Expected) -> None:
        """Delete a source."""
        async with self.transaction(actor) as repositories:
            source = await repositories.sources.lock(source_id)
            await check_version(repositories.last_changes, expected, "sources", source)
            await repositories.sources.remove(source_id)
        logger.info("source deleted", extra={"source": source.name})
        await self.memory.forget(source_id)

    async def _with_last(self, source: Source) -> Source:
        last = await self.memory.find_last([source])
        return replace(source, last=last.get(source.id))

    async def _check(self, columns: Mapping[str, Any]) -> None:
        faults = {}
        if columns.get("timeout_s", 0) > self.timeout_s:
            sentence = f"At most {self.timeout_s} s are waited in all."
            limits = {"max": self.timeout_s}
            faults["/timeout_s"] = Fault(sentence, FaultCode.TOO_LARGE, limits)
        if "url" in columns and await self.client.is_refused(columns["url"]):
            faults["/url"] = NOT_PUBLIC
        if faults:
            raise Invalid(faults)
