"""Countries by the table inside geoip2fast, which needs no network.

This product includes GeoLite2 data created by MaxMind, https://www.maxmind.com.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, final

from geoip2fast import GeoIP2Fast

SOURCE: Final = "GeoLite2 of June 2024 (offline table)"
# Both kinds of addresses; the default table knows IPv4 only.
TABLE: Final = "geoip2fast-ipv6.dat.gz"


@final
class OfflineCountries:
    """GeoLite2 as of June 2024: 0.1 s to load, then 3 microseconds an address."""

    @property
    def source(self) -> str:
        """Name the table and its age."""
        return SOURCE

    def locate(self, addresses: Sequence[str]) -> Sequence[str | None]:
        """Return the countries; private and unassigned addresses have none."""
        return [self._locate(address) for address in addresses]

    @cached_property
    def _table(self) -> Any:
        """Load 60 MB, when an address is asked for the first time."""
        return GeoIP2Fast(geoip2fast_data_file=TABLE)

    def _locate(self, address: str) -> str | None:
        code: str = self._table.lookup(address).country_code
        return code if code.isalpha() else None
