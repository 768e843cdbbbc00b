"""Jobs about logs."""

from typing import Final
from uuid import uuid4

from prilavok.domain.access import Actor
from prilavok.domain.jobs import RowId
from prilavok.jobs.table import JobContext, JobTable
from prilavok.schemas.base import NoInput
from prilavok.schemas.jobs import RowIdSchema

SWEEP_SECONDS: Final = 5
TIDY_SECONDS: Final = 600
table: Final = JobTable()


@table.job("import-log", payload=RowIdSchema())
async def import_log(context: JobContext, row: RowId) -> None:
    """Bring a log in, or take out what a cancelled import has brought."""
    await context.services.logs.runner.work(row.id, context.stopping.is_set)


@table.periodic("call-imports", SWEEP_SECONDS)
async def call_imports(context: JobContext, nothing: NoInput) -> None:
    """Look for imports that nobody works on, whatever became of their messages."""
    await context.services.logs.upkeep.call()


@table.periodic("tidy-imports", TIDY_SECONDS)
async def tidy_imports(context: JobContext, nothing: NoInput) -> None:
    """Remove files that lost their import."""
    actor = Actor(request_id=f"job-{uuid4().hex}", login="worker")
    await context.services.logs.upkeep.tidy(actor, context.stopping.is_set)
