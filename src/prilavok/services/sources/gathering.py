"""The items of all sources, asked at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import final
from uuid import UUID

from prilavok.domain.source_items import (
    FetchItems,
    GatheredItems,
    GoodAnswer,
    SourceOutcome,
    SourceReport,
    SourcesIncomplete,
    SourceTarget,
)
from prilavok.domain.source_statuses import FINE, SourceStatus
from prilavok.repositories.transaction import Reading
from prilavok.services.flights import Flights
from prilavok.services.sources.memory import Asked, SourceMemory
from prilavok.services.sources.merging import merge
from prilavok.services.sources.reporting import failures, report
from prilavok.services.sources.rounds import SourceRounds


@final
@dataclass(frozen=True, slots=True)
class SourceItemService:
    """Gathers items; a source that fails is missing data, not a failure."""

    reading: Reading
    rounds: SourceRounds
    memory: SourceMemory
    _flights: Flights[GatheredItems] = field(default_factory=Flights)

    async def gather(self, query: FetchItems) -> GatheredItems:
        """Ask all sources at once and merge what they deliver.

        It takes as long as the slowest source, and none longer than its time-out.
        Who asks while the same sources are being asked for somebody else gets the same
        answer, parts of which may so be older than his question, by that time at most.
        Raises ``SourcesIncomplete`` when the query is strict and any source failed.
        """
        async with self.reading() as repositories:
            targets = await repositories.sources.get_targets()
        gathered = await self._flights.join(
            (query.stale, *((target.id, target.version) for target in targets)),
            partial(self._gather, targets, is_filled=query.stale),
        )
        if query.strict and not gathered.completed:
            raise SourcesIncomplete(failures(gathered.sources))
        return gathered

    async def check(self, source_id: UUID) -> SourceReport:
        """Ask one source now, though it be switched off or keep failing."""
        async with self.reading() as repositories:
            target = await repositories.sources.get_target(source_id)
        asked = (target, await self.rounds.asking.ask_now(target))
        await self.memory.note((asked,))
        return report(asked)

    async def _gather(
        self,
        targets: Sequence[SourceTarget],
        *,
        is_filled: bool,
    ) -> GatheredItems:
        async with self.rounds.asked(targets) as asked:
            return await self._merged(asked, is_filled=is_filled)

    async def _merged(
        self,
        asked: Sequence[Asked],
        *,
        is_filled: bool,
    ) -> GatheredItems:
        if is_filled:
            asked = await self._fill_in(asked)
        merged = await merge([outcome for _, outcome in asked])
        return GatheredItems(merged, tuple(map(report, asked)))

    async def _fill_in(self, asked: Sequence[Asked]) -> tuple[Asked, ...]:
        failed = [target for target, outcome in asked if outcome.status not in FINE]
        if not failed:
            return tuple(asked)
        known = await self.memory.find_good(failed)
        return tuple(
            (target, self._stand_in(outcome, known.get(target.id)))
            for target, outcome in asked
        )

    def _stand_in(
        self,
        outcome: SourceOutcome,
        good: GoodAnswer | None,
    ) -> SourceOutcome:
        if good is None:
            return outcome
        age = self.memory.now() - good.at
        return replace(
            outcome,
            status=SourceStatus.STALE,
            items=good.items,
            error=f"{outcome.status}: {outcome.error}",
            age_s=round(age.total_seconds()),
        )
