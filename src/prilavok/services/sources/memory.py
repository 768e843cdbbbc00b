"""What is remembered of sources; without Redis nothing is, and nothing else fails."""

import logging
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import final
from uuid import UUID
from weakref import WeakValueDictionary

from prilavok.domain.errors import Unavailable
from prilavok.domain.source_items import GoodAnswer, SourceOutcome, SourceTarget
from prilavok.domain.source_statuses import SourceStatus
from prilavok.domain.sources import LastFetch, Source
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
    # Weak: whoever waited for an outcome has it, and nobody needs it afterwards.
    _noted: WeakValueDictionary[UUID, SourceOutcome] = field(
        default_factory=WeakValueDictionary,
    )
    # The newest version of each source of which something was kept.
    _kept: dict[UUID, int] = field(default_factory=dict)

    async def note(self, asked: Sequence[Asked], *, is_all: bool = False) -> None:
        """Keep the results, each once however many waited for it.

        ``is_all``: there are no other sources, so that what was kept of others goes.
        """
        fresh = tuple(filter(self._is_news, asked))
        gone = self._gone(asked) if is_all else frozenset[UUID]()
        if not (fresh or gone):
            return
        self._noted.update((target.id, outcome) for target, outcome in fresh)
        self._kept.update((target.id, target.version) for target, _ in fresh)
        try:
            await self.stored.keep(fresh, self.now(), gone)
        except Unavailable:
            logger.warning("results of sources not kept", exc_info=True)
        else:
            for source_id in gone:
                self._kept.pop(source_id, None)

    async def find_last(self, sources: Sequence[Source]) -> dict[UUID, LastFetch]:
        """Tell what came of asking these sources, as far as it is known."""
        try:
            return await self.stored.find_last(sources)
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
        try:
            await self.stored.forget(source_id)
        except Unavailable:
            # The next request for all items tries again.
            self._kept.setdefault(source_id, 0)
            logger.warning("results of a source not forgotten", exc_info=True)

    def _is_news(self, asked: Asked) -> bool:
        target, outcome = asked
        is_outdated = target.version < self._kept.get(target.id, 0)
        if outcome.status in NOT_ASKED or is_outdated:
            return False
        return self._noted.get(target.id) is not outcome

    def _gone(self, asked: Sequence[Asked]) -> Set[UUID]:
        return self._kept.keys() - {target.id for target, _ in asked}
