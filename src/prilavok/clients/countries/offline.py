"""Countries by the table inside geoip2fast, which needs no network.

This product includes GeoLite2 data created by MaxMind, https://www.maxmind.com.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Final, final

from prilavok.clients.countries.table import CountryTable

SOURCE: Final = "GeoLite2 of June 2024 (offline table)"


@final
class OfflineCountries:
    """GeoLite2 as of June 2024."""

    @property
    def source(self) -> str:
        """Name the table and its age."""
        return SOURCE

    def locate(self, addresses: Sequence[str]) -> Sequence[str | None]:
        """Return the countries; private and unassigned addresses have none."""
        return self._table.locate(addresses) if addresses else ()

    @cached_property
    def _table(self) -> CountryTable:
        """Load it when an address is asked for the first time."""
        return CountryTable()
