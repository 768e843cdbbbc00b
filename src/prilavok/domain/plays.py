"""Words of the promo game: plays, and what a player is told of one."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self, final
from uuid import UUID

from prilavok.domain.email_addresses import EmailAddress
from prilavok.domain.errors import Invalid, TooManyRequests
from prilavok.domain.esp import EspAnswer, EspState

KEY_MAX_LENGTH: Final = 255


class TooManyPlays(TooManyRequests):
    """The address or the mail has played as often as it may in a minute."""

    code = "too-many-plays"


class KeyReused(Invalid):
    """The same Idempotency-Key of the same mail came before, with another body."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        """Point at the body as a whole."""
        super().__init__({"": "This Idempotency-Key came with another body before."})


@final
@dataclass(frozen=True, slots=True)
class PlayKey:
    """An Idempotency-Key of one mail: with another mail it is another play's.

    Whoever picks the key of somebody else learns nothing and takes nothing from him.
    """

    key: str
    email_hash: bytes

    @classmethod
    def of(cls, key: str, email: EmailAddress) -> Self:
        """Keep no mail: what remains of a key must not tell whose it is."""
        return cls(key, sha256(email.normalised.encode()).digest())


@final
@dataclass(frozen=True, slots=True)
class RegisterPlay:
    """Count one more play of this email.

    ``website`` is filled in by robots only.
    """

    email: EmailAddress
    website: str = ""

    @property
    def fingerprint(self) -> bytes:
        """Tell this body from others without keeping it."""
        return sha256(self.email.given.encode()).digest()


@final
@dataclass(frozen=True, slots=True)
class Play:
    """One play, as its player is told of it; ``plays`` counts this one too.

    ``in_game``: was the email there before. ``in_esp``: did the provider have it before
    this play; None while that is unknown or the provider refused it for good.
    """

    email: str
    in_esp: bool | None
    esp_state: EspState
    in_game: bool
    plays: int


@final
@dataclass(frozen=True, slots=True)
class CountedPlay:
    """What the count itself knows, before any provider has been asked."""

    player_id: UUID
    plays: int
    esp_state: EspState
    is_first: bool

    def told(self, email: str, answer: EspAnswer | None = None) -> Play:
        """Put it into words; ``answer`` is the provider's, where it was asked."""
        return Play(
            email=email,
            in_esp=self.esp_state.in_esp if answer is None else answer.was_known,
            esp_state=self.esp_state if answer is None else answer.state,
            in_game=not self.is_first,
            plays=self.plays,
        )


@final
@dataclass(frozen=True, slots=True)
class Outcome:
    """A play and whether its player may be told more than that it was accepted."""

    play: Play
    is_revealed: bool

    @property
    def is_first(self) -> bool:
        """Tell whether the answer says that this was the email's first play.

        Staff may have added the email before: then it was in the game all the same.
        """
        return self.is_revealed and self.play.plays == 1


@final
@dataclass(frozen=True, slots=True)
class KeyedPlay:
    """What is stored of a play that came with a key.

    ``esp_state`` is None while its player has not been told anything yet.
    """

    body_hash: bytes
    plays: int
    is_first: bool
    esp_state: EspState | None
    in_esp: bool | None

    def told(self, email: str) -> Play:
        """Tell the same again; whoever was not told anything is told it is pending."""
        return Play(
            email=email,
            in_esp=self.in_esp,
            esp_state=self.esp_state or EspState.PENDING,
            in_game=not self.is_first,
            plays=self.plays,
        )
