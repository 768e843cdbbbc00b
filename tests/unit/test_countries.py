"""Words of countries."""

import pytest

from prilavok.clients.countries.offline import OfflineCountries
from prilavok.domain.countries import (
    CODES,
    country_code,
    country_number,
    may_have_country,
    read_code,
)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "223.255.255.254", "2001:4860::8888", "2a02:6b8::1"],
)
def test_public_addresses_may_have_a_country(address: str) -> None:
    """Who is asked may still know of none."""
    assert may_have_country(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.0.1",
        "172.16.0.1",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:8.8.8.8",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "2d00::1",
        "3000::1",
        "4000::1",
    ],
)
def test_others_are_never_asked_for(address: str) -> None:
    """Private, reserved, multicast, unassigned."""
    assert not may_have_country(address)


def test_codes_are_numbers_and_back() -> None:
    """All fit a smallint, and none is the unknown."""
    numbers = {country_number(code) for code in CODES}

    assert {country_code(number) for number in numbers} == CODES
    assert min(numbers) > 0
    assert max(numbers) < 2**15
    assert (country_number(None), country_code(0)) == (0, None)


@pytest.mark.parametrize(
    "told", [None, "", "de", "ASIA", "XX", "Germany", 7, ["DE"], {}]
)
def test_what_is_no_country(told: object) -> None:
    """Only codes of ISO 3166 count."""
    assert read_code(told) is None


async def test_offline_table_tells_only_countries() -> None:
    """It says ASIA of some addresses, and dashes of private ones."""
    asked = ("8.8.8.8", "138.32.254.1", "10.0.0.1", "2a02:6b8::1", "2001:db8::1")
    located = await OfflineCountries().locate(asked)

    assert list(located.countries.values()) == ["US", None, None, "RU", None]
