"""What a provider has: every contact it made, and how often."""

from collections import Counter
from typing import Final, final

# Providers refuse some addresses for good; these servers do so with this domain.
BLOCKED: Final = "@blocked.example"


@final
class Ledger:
    """Contacts by email in lower case; ``made`` counts how often each was made."""

    def __init__(self) -> None:
        """Start empty."""
        self.spelled: dict[str, str] = {}
        self.made = Counter[str]()

    def create(self, email: str) -> bool:
        """Make a contact; False when it was there."""
        key = email.lower()
        if key in self.spelled:
            return False
        self.spelled[key] = email
        self.made[key] += 1
        return True

    def find(self, email: str) -> str | None:
        """Return an email as it was spelled."""
        return self.spelled.get(email.lower())


def is_refused(email: object) -> bool:
    """Tell whether a provider refuses this for good."""
    if not isinstance(email, str) or email.lower().endswith(BLOCKED):
        return True
    local, _, domain = email.rpartition("@")
    return not local or "." not in domain or " " in email
