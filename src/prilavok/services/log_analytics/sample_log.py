"""Bringing the made-up sample log in."""

from datetime import date, timedelta
from io import BytesIO
from typing import Final, final

from prilavok.domain.imports import ImportCounts
from prilavok.services.log_analytics.generator.made_log import made_log
from prilavok.services.log_analytics.generator.plan import DEFAULT_DAYS, LogPlan
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.parsed import Rejections

SAMPLE_LINES: Final = 20_000
SAMPLE_NAME: Final = "made-up sample"
# Far from the default of other made-up logs: their lines are no duplicates of these.
SAMPLE_SEED: Final = 1_000_000_000


async def bring_sample(importer: Importer, shop_host: str, today: date) -> None:
    """Import the sample of the days before this one."""
    start = today - timedelta(days=DEFAULT_DAYS)
    plan = LogPlan(SAMPLE_LINES, start, seed=SAMPLE_SEED, shop_host=shop_host)
    log = b"".join(made_log(plan))
    sample = LogFile(SAMPLE_NAME, BytesIO(log), len(log))
    await importer.run(sample, Unwatched(), is_sample=True)


@final
class Unwatched:
    """Follows an import without interest."""

    def see_progress(self, counts: ImportCounts) -> None:
        """Look away."""

    def see_rejected(self, rejected: Rejections) -> None:
        """Look away."""
