"""Our way through the table of geoip2fast ends where the library's own does."""

from ipaddress import ip_address
from random import Random
from typing import Final

import pytest
from geoip2fast import GeoIP2Fast

from prilavok.clients.countries.table import TABLE, CountryTable

EDGES: Final = (
    "0.0.0.0",
    "255.255.255.255",
    "10.0.0.1",
    "127.0.0.1",
    "192.168.255.255",
    "8.8.8.8",
    "::",
    "::1",
    "::8.8.8.8",
    "::ffff:8.8.8.8",
    "2001:db8::1",
    "2a00:1450::5",
    "fe80::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
)


@pytest.fixture(scope="module")
def table() -> CountryTable:
    """Load it once."""
    return CountryTable()


def test_countries_are_those_of_the_library(table: CountryTable) -> None:
    """At the edges of networks, too, where one off would be another country."""
    library = GeoIP2Fast(geoip2fast_data_file=TABLE)
    dice = Random(0)
    asked = [*EDGES, *(str(ip_address(dice.randrange(2**32))) for _ in range(3000))]
    asked += [
        str(ip_address((0x2A << 120) + dice.randrange(2**116))) for _ in range(999)
    ]
    asked += [beside for one in asked[:500] for beside in _beside_network(library, one)]
    codes = [library.lookup(one).country_code for one in asked]

    assert table.locate(asked) == [code * code.isalpha() or None for code in codes]


def _beside_network(library: GeoIP2Fast, address: str) -> list[str]:
    network = library.lookup(address).cidr
    if not network or ":" in network:
        return []
    first = int(ip_address(network.split("/")[0]))
    return [str(ip_address(max(0, first + step))) for step in (-1, 0, 1)]


def test_nobody_is_nowhere(table: CountryTable) -> None:
    """No address, no country."""
    assert table.locate([]) == []
