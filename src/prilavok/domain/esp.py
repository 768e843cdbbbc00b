"""What email service providers (ESPs) say of an email, and how they fail us."""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final, final

from prilavok.domain.errors import Unavailable

# Whatever a provider says: within an hour somebody tries again.
LONGEST_PAUSE_SECONDS: Final = 3600


@unique
class EspState(StrEnum):
    """What we know of an email at the provider."""

    KNOWN = "known"
    CREATED = "created"
    PENDING = "pending"
    REJECTED = "rejected"

    @property
    def in_esp(self) -> bool | None:
        """Tell whether the provider has the email now; None while that is unknown."""
        has_email = self is EspState.KNOWN or self is EspState.CREATED
        return True if has_email else None


@final
@dataclass(frozen=True, slots=True)
class EspAnswer:
    """What the provider said: known, created or rejected; never pending.

    ``error`` is its reason for a rejection, at most 200 characters, without the email.
    """

    state: EspState
    error: str | None = None

    @property
    def was_known(self) -> bool | None:
        """Tell whether the email was there before; None when refused for good."""
        return None if self.state is EspState.REJECTED else self.state is EspState.KNOWN


class EspUnavailable(Unavailable):
    """The provider gave no answer: the email waits, and asking later may help.

    Only its leaves are raised. Their texts never hold an email, so they may be logged.
    ``retry_after``: 1 s where the provider did not say, an hour at most.
    """

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        """Say why, and when to ask again."""
        super().__init__(detail, min(retry_after, LONGEST_PAUSE_SECONDS))


@final
class EspOutage(EspUnavailable):
    """It is down, slow, or answers what it never should."""


@final
class EspRateLimited(EspUnavailable):
    """It wants to be left alone for ``retry_after`` seconds."""


@final
class EspMisconfigured(EspUnavailable):
    """It refuses us, not the email: credentials, address or list are wrong.

    Asking again does not help before the operator has changed something.
    """
