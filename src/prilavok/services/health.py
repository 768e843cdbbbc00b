"""Whether what we depend on answers."""

from asyncio import gather
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from prilavok.domain.errors import Unavailable
from prilavok.domain.esp_delivery import OutboxState
from prilavok.domain.health import Dependency, Readiness
from prilavok.domain.jobs import QueueState
from prilavok.repositories.examination import Examination
from prilavok.services.game.deliveries import DeliveryService
from prilavok.services.jobs import JobService

# A long import is at work that long; a queue without workers is too.
MAX_LAG_SECONDS: Final = 300
Probe: TypeAlias = Callable[[], Awaitable[None]]


@final
@dataclass(frozen=True, slots=True)
class HealthService:
    """Asks every dependency at once; each probe bounds its own time.

    The service can work without those that are only ``reported``.
    """

    probes: tuple[tuple[str, Probe], ...]
    examination: Examination
    jobs: JobService
    deliveries: DeliveryService
    reported: tuple[tuple[str, Probe], ...] = ()

    async def check(self) -> Readiness:
        """Tell what is there and what is not."""
        needed, reported, (jobs, queue), (provider, outbox) = await gather(
            _ask_all(self.probes, needed=True),
            _ask_all(self.reported, needed=False),
            self._look_at_jobs(),
            self._look_at_outbox(),
        )
        return Readiness((*needed, *reported, jobs, provider), queue, outbox)

    async def examine(self, newest_revision: str) -> tuple[Dependency, ...]:
        """Look closer than a probe does, for whoever installs the service."""
        return await self.examination.examine(newest_revision)

    async def _look_at_jobs(self) -> tuple[Dependency, QueueState | None]:
        """Report on the queue; without it everything but background work goes on."""
        try:
            queue = await self.jobs.state()
        except Unavailable as error:
            return _reported("jobs", error.detail), None
        return _reported("jobs", _trouble(queue)), queue

    async def _look_at_outbox(self) -> tuple[Dependency, OutboxState | None]:
        """Report on the email provider; without it plays go on, and emails wait."""
        try:
            outbox = await self.deliveries.state()
        except Unavailable as error:
            return _reported("email provider", error.detail), None
        return _reported("email provider", outbox.trouble), outbox


def _reported(name: str, trouble: str | None) -> Dependency:
    return Dependency(name, trouble is None, trouble, needed=False)


def _trouble(queue: QueueState) -> str | None:
    if queue.oldest_seconds > MAX_LAG_SECONDS:
        return f"{queue.waiting} jobs wait, one for {queue.oldest_seconds} s."
    if queue.dead:
        return f"{queue.dead} jobs are dead: see `prilavok jobs dead`."
    return None


async def _ask_all(
    probes: Iterable[tuple[str, Probe]],
    *,
    needed: bool,
) -> list[Dependency]:
    return await gather(*(_ask(name, probe, needed) for name, probe in probes))


async def _ask(name: str, probe: Probe, needed: bool) -> Dependency:
    try:
        await probe()
    except Unavailable as error:
        return Dependency(name, ok=False, error=error.detail, needed=needed)
    return Dependency(name, ok=True, needed=needed)
