"""Words of the promo game's players. ESP = email service provider."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias, final
from uuid import UUID

from prilavok.domain.email_addresses import EmailAddress
from prilavok.domain.errors import Conflict
from prilavok.domain.esp import EspState
from prilavok.domain.paging import ListQuery

MAX_PLAYS: Final = 1_000_000_000

Changes: TypeAlias = dict[str, Any]


class PlayerTaken(Conflict):
    """Another player has this mail."""

    code = "player-taken"
    field = "email"


@final
@dataclass(frozen=True, slots=True)
class Player:
    """An email of the game, as staff see it.

    ``email`` is the normalised one. The times are None while it has not played, which
    is so for what staff added. ``esp_error``: why the provider refused it, or why it
    has not been asked with success yet.
    """

    id: UUID
    email: str
    plays: int
    esp_state: EspState
    esp_error: str | None
    first_played_at: datetime | None
    last_played_at: datetime | None
    version: int

    @property
    def in_esp(self) -> bool | None:
        """Tell whether the provider has the email now; None while that is unknown."""
        return self.esp_state.in_esp


@final
@dataclass(frozen=True, slots=True)
class CreatePlayer:
    """Add a player; ``plays``: those he has from elsewhere."""

    email: EmailAddress
    plays: int = 0


@final
@dataclass(frozen=True, slots=True)
class ListPlayers(ListQuery):
    """Which players to list; None means any.

    The last play is at or after ``played_from`` and before ``played_to``.
    """

    search: str | None = None
    esp_state: str | None = None
    played_from: datetime | None = None
    played_to: datetime | None = None


@final
@dataclass(frozen=True, slots=True)
class GameTotals:
    """The whole game, players that were erased included in the plays."""

    players: int
    plays: int
