"""Words of health: what the service depends on, and whether it is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from prilavok.domain.esp_delivery import OutboxState
from prilavok.domain.jobs import QueueState


@final
@dataclass(frozen=True, slots=True)
class Dependency:
    """One thing the service depends on; ``error`` says what is wrong with it.

    What is not ``needed`` is only reported.
    """

    name: str
    ok: bool
    error: str | None = None
    needed: bool = True


@final
@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the service can do its work now."""

    dependencies: tuple[Dependency, ...]
    queue: QueueState | None = None
    outbox: OutboxState | None = None

    @property
    def status(self) -> str:
        """Say it in one word: ``ready`` or ``unavailable``."""
        return "ready" if self.ok else "unavailable"

    @property
    def ok(self) -> bool:
        """Tell whether everything needed is there."""
        return all(part.ok for part in self.dependencies if part.needed)


@final
@dataclass(frozen=True, slots=True)
class Overview:
    """How many there are of what the reader may see, by noun."""

    counts: Mapping[str, int]
