"""Jobs declared one by one, a module a feature, as routes are.

    @table.job("import-log", payload=RowIdSchema())
    async def import_log(context: JobContext, row: RowId) -> None: ...

A job is idempotent: it may be called twice, by two workers at once after a worker
stalled. What must not overlap holds an advisory lock of PostgreSQL.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final

from prilavok.schemas.base import InputSchema, NoInputSchema

if TYPE_CHECKING:
    # The scheduler knows the jobs and has no services.
    from prilavok.services.container import Services

Work: TypeAlias = Callable[[Any, Any], Awaitable[None]]
Jobs: TypeAlias = Mapping[str, "Job"]
NO_PAYLOAD: Final = NoInputSchema()


@final
@dataclass(frozen=True, slots=True)
class JobContext:
    """What a job may use; long ones look whether they are to stop, and return."""

    services: "Services"
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A function with a name, the schema of its payload, and perhaps a period."""

    name: str
    work: Work
    payload: InputSchema[Any] = NO_PAYLOAD
    every_seconds: int | None = None


@final
class JobTable:
    """The jobs of one module."""

    def __init__(self) -> None:
        """Start empty."""
        self.jobs: list[Job] = []

    def job(self, name: str, payload: InputSchema[Any]) -> Callable[[Work], Work]:
        """Declare a job that services ask for."""

        def decorator(work: Work) -> Work:
            self.jobs.append(Job(name=name, work=work, payload=payload))
            return work

        return decorator

    def periodic(self, name: str, every_seconds: int) -> Callable[[Work], Work]:
        """Declare a job that comes again and again, and takes no payload.

        Not more often than that while workers are busy, but perhaps twice in a row
        where several schedulers run.
        """

        def decorator(work: Work) -> Work:
            self.jobs.append(Job(name=name, work=work, every_seconds=every_seconds))
            return work

        return decorator


def by_name(tables: Iterable[JobTable]) -> Jobs:
    """Collect all jobs; raises ``ValueError`` where two share a name."""
    jobs = list(chain.from_iterable(table.jobs for table in tables))
    named = {job.name: job for job in jobs}
    if len(named) < len(jobs):
        raise ValueError("Two jobs have the same name.")
    return MappingProxyType(named)
