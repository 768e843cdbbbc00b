"""Asking all sources at once."""

from asyncio import Event, TaskGroup, sleep, timeout
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, final
from uuid import UUID

from prilavok.domain.source_items import SourceTarget
from prilavok.services.sources.asking import SourceAsking
from prilavok.services.sources.memory import Asked, SourceMemory

KEEP_SECONDS: Final = 0.1
# So many requests are sent before more are prepared: the first need not wait for
# the last, nor does the rest of the service.
AT_ONCE: Final = 8


@final
@dataclass(frozen=True, slots=True)
class SourceRounds:
    """Asks all sources at once, those first that took longest the last time.

    What the quick ones said is kept while the slow ones are waited for, so that
    little is left to do when the last one has answered.
    """

    asking: SourceAsking
    memory: SourceMemory
    _elapsed: dict[UUID, int] = field(default_factory=dict)

    @asynccontextmanager
    async def asked(
        self,
        targets: Sequence[SourceTarget],
    ) -> AsyncIterator[tuple[Asked, ...]]:
        """Ask them; when the block ends, everything that they said is kept."""
        heard: list[Asked] = []
        is_over = Event()
        async with TaskGroup() as group:
            group.create_task(self._keep(heard, is_over))
            await self._ask_all(targets, heard)
            is_over.set()
            outcomes = {target.id: outcome for target, outcome in heard}
            yield tuple((target, outcomes[target.id]) for target in targets)

    async def _ask_all(
        self,
        targets: Sequence[SourceTarget],
        heard: list[Asked],
    ) -> None:
        if self.asking.breakers is not None:
            self.asking.breakers.keep(targets)
        async with TaskGroup() as group:
            slowest_first = sorted(targets, key=self._last_elapsed, reverse=True)
            for place, target in enumerate(slowest_first, 1):
                group.create_task(self._ask(target, heard))
                if not place % AT_ONCE:
                    await sleep(0)
        self._elapsed.clear()
        self._elapsed.update((asked.id, outcome.elapsed_ms) for asked, outcome in heard)

    async def _ask(self, target: SourceTarget, heard: list[Asked]) -> None:
        outcome = await self.asking.ask(target)
        heard.append((target, outcome))

    async def _keep(self, heard: Sequence[Asked], is_over: Event) -> None:
        while not await _is_soon(is_over):
            await self.memory.note(tuple(heard))
        await self.memory.note(tuple(heard), is_all=True)

    def _last_elapsed(self, target: SourceTarget) -> int:
        return self._elapsed.get(target.id, 0)


async def _is_soon(event: Event) -> bool:
    try:
        async with timeout(KEEP_SECONDS):
            await event.wait()
    except TimeoutError:
        return False
    return True
