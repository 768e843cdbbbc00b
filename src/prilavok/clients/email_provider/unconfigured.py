"""What stands in while no provider is configured: emails wait, and doctor says why."""

from typing import Final, final

from prilavok.domain.esp import EspAnswer, EspMisconfigured

REASON: Final = "No email provider is configured: ESP_URL is not set."


@final
class UnconfiguredProvider:
    """Nobody to ask."""

    async def ensure_contact(self, email: str) -> EspAnswer:
        """Have the email wait."""
        raise EspMisconfigured(REASON)

    async def find(self, email: str) -> str | None:
        """Know of none."""
        raise EspMisconfigured(REASON)
