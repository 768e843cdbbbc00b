"""What we ask of those who know where an address is."""

from collections.abc import Sequence
from typing import Protocol


class CountryProvider(Protocol):
    """Knows countries of addresses at once, without asking anybody."""

    @property
    def source(self) -> str:
        """Name the data and its age, for people."""

    def locate(self, addresses: Sequence[str]) -> Sequence[str | None]:
        """Return the ISO 3166 alpha-2 code of each address, None where unknown."""
