"""What we ask of those who know where an address is."""

from collections.abc import Sequence
from typing import Protocol, final

from prilavok.domain.countries import CountryFailure, CountrySource, Located


@final
class CountriesUnanswered(Exception):
    """Nothing was told; ``retry_after``: the seconds the provider wants to be left."""

    def __init__(
        self,
        reason: CountryFailure,
        detail: str,
        retry_after: float | None = None,
    ) -> None:
        """Say why, in a word and in a sentence."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after


@final
class CountryDataUnusable(Exception):
    """The provider cannot be opened as it is set; the text names the setting."""


class CountryProvider(Protocol):
    """Knows countries of addresses."""

    @property
    def source(self) -> CountrySource:
        """Name the data as it is now: its key changes when answers may."""

    @property
    def is_remote(self) -> bool:
        """Tell whether an answer costs a request, so that nobody should wait for it."""

    @property
    def batch_size(self) -> int:
        """Tell how many addresses to ask for at once, at most."""

    async def locate(self, addresses: Sequence[str]) -> Located:
        """Return what is known; raises ``CountriesUnanswered`` when that is nothing."""
