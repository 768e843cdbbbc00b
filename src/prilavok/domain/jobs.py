"""Words of background work: what waits for a worker, and what nobody can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, final
from uuid import UUID

# The job that works off what waits for the email provider.
DELIVER_PLAYERS: Final = "deliver-players"


@final
@dataclass(frozen=True, slots=True)
class JobMessage:
    """What stands in the queue: which job, and what it needs to find its row."""

    job: str
    payload: Mapping[str, Any]


@final
@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that one worker has in hand; ``attempt`` counts from 1."""

    id: str
    message: bytes
    attempt: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingJob:
    """A message in the queue, not taken yet (no ``attempts``) or not finished."""

    id: str
    queued_at: datetime
    attempts: int
    message: str


class Death(StrEnum):
    """Why a message is no longer tried."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown-job"
    FAILED = "failed"
    # Whoever took it never came back, several times: it may have killed them.
    LOST = "lost"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DeadJob:
    """A message that was taken out of the queue, until somebody sends it again."""

    id: str
    died_at: datetime
    reason: str
    error: str
    attempts: int
    message: str


@final
@dataclass(frozen=True, slots=True)
class QueueState:
    """How much waits, since how many seconds the oldest does, and how much is dead."""

    waiting: int
    oldest_seconds: int
    dead: int


@final
@dataclass(frozen=True, slots=True)
class RowId:
    """The payload of most jobs: the row that says everything else."""

    id: UUID
