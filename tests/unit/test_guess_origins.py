"""Whom the limits of guesses hold to be one client."""

import pytest

from prilavok.domain.origins import origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_origin(address: str, origin: str) -> None:
    """An IPv4 address is one client, and so is an IPv6 subscriber's network."""
    assert origin_of(address) == origin
