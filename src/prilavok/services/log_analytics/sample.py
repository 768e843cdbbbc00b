"""The made-up sample log of a new installation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, final

from prilavok.domain.imports import ImportState
from prilavok.services.log_analytics.imports import ImportService

BringSample: TypeAlias = Callable[[date], Awaitable[None]]


@final
@dataclass(frozen=True, slots=True)
class SampleService:
    """Brings the sample in once; who has deleted it never sees it again.

    ``bring`` imports the days before the one it is given.
    """

    imports: ImportService
    bring: BringSample

    async def prepare(self, today: date) -> bool:
        """Bring in the days before this one, and tell whether that was done.

        Only where no log ever came; but what was killed half way is done again.
        """
        halves = await self._delete(ImportState.RUNNING, ImportState.FAILED)
        is_new = not await self.imports.count_ever()
        if halves or is_new:
            await self.bring(today)
        return bool(halves or is_new)

    async def clear(self) -> int:
        """Take the sample out for good, and return how many imports that were."""
        return await self._delete(*ImportState)

    async def _delete(self, *states: ImportState) -> int:
        samples = [
            known.id
            for known in await self.imports.find_all()
            if known.is_sample and known.state in states
        ]
        for sample_id in samples:
            await self.imports.delete(sample_id)
        return len(samples)
