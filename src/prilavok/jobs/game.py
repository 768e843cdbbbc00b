"""Jobs of the promo game."""

from typing import Final

from prilavok.domain.jobs import DELIVER_PLAYERS
from prilavok.jobs.table import JobContext, JobTable
from prilavok.schemas.base import NoInput

# What fails for the first time is due again after two seconds, and must not wait long.
LOOK_SECONDS: Final = 2
# Less than a worker waits for its jobs when it is told to stop.
WORK_SECONDS: Final = 8
HOUR: Final = 3600
table: Final = JobTable()


@table.periodic(DELIVER_PLAYERS, LOOK_SECONDS)
async def deliver_players(context: JobContext, nothing: NoInput) -> None:
    """Bring to the email provider what waits for it."""
    if not context.stopping.is_set():
        await context.services.deliveries.deliver_due(WORK_SECONDS)


@table.periodic("forget-play-keys", HOUR)
async def forget_play_keys(context: JobContext, nothing: NoInput) -> None:
    """Remove idempotency keys that are older than a day."""
    await context.services.deliveries.clean(context.stopping.is_set)
