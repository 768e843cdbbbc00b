"""What is remembered of sources; without Redis nothing is, and nothing else fails."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import final
from uuid import UUID

from prilavok.domain.errors import Unavailable
from prilavok.domain.source_items import (
    GoodAnswer,
    SourceOutcome,
    SourceStatus,
    SourceTarget,
)
from prilavok.domain.sources import LastFetch
from prilavok.repositories.source_results import SourceResultRepository

logger = logging.getLogger(__name__)
Asked = tuple[SourceTarget, SourceOutcome]
# How a fetch that did not take place ended says nothing of the source.
NOT_ASKED = frozenset((SourceStatus.DISABLED, SourceStatus.CIRCUIT_OPEN))


@final
@dataclass(frozen=True, slots=True)
class SourceMemory:
    """Keeps the last results of all sources."""

    stored: SourceResultRepository
    now: Callable[[], datetime]
    _noted: dict[UUID, SourceOutcome] = field(default_factory=dict)

    async def note(self, asked: Iterable[Asked]) -> None:
        """Keep the results, each once however many waited for it."""
        fresh = tuple(filter(self._is_news, asked))
        if not fresh:
            return
        self._noted.update((target.id, outcome) for target, outcome in fresh)
        try:
            await self.stored.keep(fresh, self.now())
        except Unavailable:
            logger.warning("results of sources not kept", exc_info=True)

    async def find_last(self, ids: Sequence[UUID]) -> dict[UUID, LastFetch]:
        """Tell what came of asking these sources, as far as it is known."""
        try:
            return await self.stored.find_last(ids)
        except Unavailable:
            logger.warning("last results of sources not found", exc_info=True)
        return {}

    async def find_good(
        self,
        targets: Sequence[SourceTarget],
    ) -> dict[UUID, GoodAnswer]:
        """Tell what these sources last answered well, as far as it is known."""
        try:
            return await self.stored.find_good(targets)
        except Unavailable:
            logger.warning("last answers of sources not found", exc_info=True)
        return {}

    async def forget(self, source_id: UUID) -> None:
        """Drop what is known of a source that is gone."""
        self._noted.pop(source_id, None)
        try:
            await self.stored.forget(source_id)
        except Unavailable:
            # It expires by itself.
            logger.warning("results of a source not forgotten", exc_info=True)

    def _is_news(self, asked: Asked) -> bool:
        target, outcome = asked
        if outcome.status in NOT_ASKED:
            return False
        return self._noted.get(target.id) is not outcome
