"""Jobs that keep the queue itself in order."""

from typing import Final

from prilavok.jobs.table import JobContext, JobTable
from prilavok.schemas.base import NoInput

TEN_MINUTES: Final = 600
table: Final = JobTable()


@table.periodic("forget-workers", TEN_MINUTES)
async def forget_workers(context: JobContext, nothing: NoInput) -> None:
    """Remove the names of workers that were killed."""
    await context.services.jobs.forget_workers()
