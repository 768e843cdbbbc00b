"""The made-up sample log of a new installation."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Final, final

from prilavok.domain.imports import ImportCounts, ImportState
from prilavok.services.log_analytics.generator.made_log import made_log
from prilavok.services.log_analytics.generator.plan import DEFAULT_DAYS, LogPlan
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.parsed import Rejections

SAMPLE_LINES: Final = 20_000
SAMPLE_NAME: Final = "made-up sample"
# Far from the default of other made-up logs: their lines are no duplicates of these.
SAMPLE_SEED: Final = 1_000_000_000


@final
@dataclass(frozen=True, slots=True)
class SampleService:
    """Brings the sample in once; who has deleted it never sees it again."""

    importer: Importer
    imports: ImportService
    shop_host: str

    async def prepare(self, today: date) -> bool:
        """Bring in the days before this one, and tell whether that was done.

        Only where no log ever came; but what was killed half way is done again.
        """
        halves = await self._delete(ImportState.RUNNING, ImportState.FAILED)
        is_new = not await self.imports.count_ever()
        if halves or is_new:
            await self.importer.run(self._make(today), Unwatched(), is_sample=True)
        return bool(halves or is_new)

    async def clear(self) -> int:
        """Take the sample out for good, and return how many imports that were."""
        return await self._delete(*ImportState)

    def _make(self, today: date) -> LogFile:
        start = today - timedelta(days=DEFAULT_DAYS)
        plan = LogPlan(
            SAMPLE_LINES,
            start,
            seed=SAMPLE_SEED,
            shop_host=self.shop_host,
        )
        log = b"".join(made_log(plan))
        return LogFile(SAMPLE_NAME, BytesIO(log), len(log))

    async def _delete(self, *states: ImportState) -> int:
        samples = [
            known.id
            for known in await self.imports.find_all()
            if known.is_sample and known.state in states
        ]
        for sample_id in samples:
            await self.imports.delete(sample_id)
        return len(samples)


@final
class Unwatched:
    """Follows an import without interest."""

    def see_progress(self, counts: ImportCounts) -> None:
        """Look away."""

    def see_rejected(self, rejected: Rejections) -> None:
        """Look away."""
