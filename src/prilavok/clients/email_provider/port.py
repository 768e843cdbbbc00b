"""What we ask of an email service provider, whoever it is."""

from typing import Protocol

from prilavok.domain.esp import EspAnswer


class EmailProvider(Protocol):
    """The port; each provider has one adapter.

    Both methods take an address that has been checked and normalised, end within the
    provider's time limit, and raise nothing but the leaves of ``EspUnavailable``:
    ``EspRateLimited``, ``EspMisconfigured``, ``EspOutage``.
    """

    async def ensure_contact(self, email: str) -> EspAnswer:
        """Make sure the provider has the email; tell whether it had it before.

        ``created`` when this call created it, ``known`` when it was there already,
        ``rejected`` when the provider refuses this email for good. Safe to repeat: what
        a lost answer created is ``known`` the next time. A contact that was there is
        left as it is.
        """

    async def find(self, email: str) -> str | None:
        """Return the email as the provider spells it, None where it has none such."""
