"""Words of delivering to the email service provider what could not be at once."""

from dataclasses import dataclass
from typing import final
from uuid import UUID

from prilavok.domain.esp import EspUnavailable


@final
class EspNotAsked(EspUnavailable):
    """We did not ask the provider: its turn comes after ``retry_after`` seconds."""


@final
@dataclass(frozen=True, slots=True)
class Delivery:
    """An email on its way to the provider; ``attempts`` counts this one too."""

    player_id: UUID
    email: str
    attempts: int


@final
@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for the provider.

    ``overdue_s``: how long the longest waits beyond the time it is due.
    ``until_next_s``: until the next can be delivered; None when nothing waits.
    """

    pending: int
    overdue_s: int
    until_next_s: float | None


@final
@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round of deliveries did; ``pending``: what waits still."""

    settled: int
    deferred: int
    pending: int


@final
@dataclass(frozen=True, slots=True)
class Pause:
    """The provider is left alone for so many seconds; ``reason`` names no email."""

    seconds: float
    reason: str


@final
@dataclass(frozen=True, slots=True)
class OutboxState:
    """How delivering goes; ``trouble`` says what an operator should look at.

    ``breaker`` is ``open`` while no process asks the provider, else ``closed``.
    """

    breaker: str
    pending: int
    overdue_seconds: int
    trouble: str | None
