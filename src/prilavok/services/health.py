"""Whether what we depend on answers."""

from asyncio import gather
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias, final

from prilavok.domain.errors import Unavailable
from prilavok.domain.health import Dependency, Readiness
from prilavok.repositories.examination import Examination

Probe: TypeAlias = Callable[[], Awaitable[None]]


@final
@dataclass(frozen=True, slots=True)
class HealthService:
    """Asks every dependency at once; each probe bounds its own time."""

    probes: tuple[tuple[str, Probe], ...]
    examination: Examination

    async def check(self) -> Readiness:
        """Tell what is there and what is not."""
        checked = await gather(*(_ask(name, probe) for name, probe in self.probes))
        return Readiness(tuple(checked))

    async def examine(self, newest_revision: str) -> tuple[Dependency, ...]:
        """Look closer than a probe does, for whoever installs the service."""
        return await self.examination.examine(newest_revision)


async def _ask(name: str, probe: Probe) -> Dependency:
    try:
        await probe()
    except Unavailable as error:
        return Dependency(name, ok=False, error=error.detail)
    return Dependency(name, ok=True)
