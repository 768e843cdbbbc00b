"""How imports end: with what they brought, or with nothing."""

from uuid import UUID

from prilavok.domain.import_jobs import ImportTask
from prilavok.domain.imports import ImportState
from prilavok.repositories.log_imports.store import LogSession
from prilavok.services.log_analytics.cart_writer import settle_votes
from prilavok.services.log_analytics.taking_out import take_out


async def finish(
    session: LogSession,
    import_id: UUID,
    state: ImportState,
    error: str | None = None,
) -> None:
    """End an import that runs; raises ``ImportCancelled``."""
    async with session.over_all() as logs:
        await settle_votes(logs)
        await logs.imports.finish(import_id, state, error)


async def clear(session: LogSession, task: ImportTask) -> None:
    """Take out what a cancelled import has brought; it stays in the list."""
    async with session.over_all() as logs:
        await take_out(logs, task.number)
        await logs.tasks.end_cleared(task.id)
