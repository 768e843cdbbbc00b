"""Whose request it is, whatever way a trusted proxy spells an address."""

from ipaddress import ip_network
from typing import Any, Final

import pytest
from aiohttp.test_utils import make_mocked_request

from prilavok.transport.forwarded import is_from_proxy, sender_of
from prilavok.transport.keys import Site

PROXY: Final = "10.0.0.1"
SITE: Final = Site("http://shop.example", (ip_network("10.0.0.0/8"),))
SPELLINGS: Final = (
    ("203.0.113.7", "203.0.113.7"),
    ("203.0.113.7:51234", "203.0.113.7"),
    ('"203.0.113.7:51234"', "203.0.113.7"),
    ("2001:db8::1", "2001:db8::1"),
    ("2001:DB8:0::1", "2001:db8::1"),
    ("[2001:db8::1]", "2001:db8::1"),
    ("[2001:db8::1]:443", "2001:db8::1"),
    ('"[2001:db8::1]:443"', "2001:db8::1"),
    ("::ffff:203.0.113.7", "203.0.113.7"),
    ("fe80::1%<svg", "fe80::1"),
    ("[fe80::1%eth0]:80", "fe80::1"),
    # Nobody's address: what is known is the proxy's.
    ("unknown", PROXY),
    ("_hidden", PROXY),
    ("203.0.113.7:port", PROXY),
    ("203.0.113.999", PROXY),
    ("<svg>", PROXY),
    ("", PROXY),
)
CHAINS: Final[Any] = (
    ({"X-Forwarded-For": "1.1.1.1, 203.0.113.7:1, 10.2.3.4:5"}, "203.0.113.7"),
    ({"X-Forwarded-For": "10.9.9.9"}, PROXY),
    ({"Forwarded": "for=203.0.113.7;proto=https"}, "203.0.113.7"),
    ({"Forwarded": 'For="[2001:db8::1]:443"'}, "2001:db8::1"),
    ({"Forwarded": "proto=http; for=1.1.1.1, by=x;FOR=203.0.113.7"}, "203.0.113.7"),
    ({"Forwarded": "for=203.0.113.7, for=10.1.1.1;host=a"}, "203.0.113.7"),
    ({"Forwarded": 'host="a, for=1.1.1.1";for=203.0.113.7'}, "203.0.113.7"),
    ({"Forwarded": "proto=https"}, PROXY),
    ({"Forwarded": "for=1.1.1.1", "X-Forwarded-For": "203.0.113.7"}, "203.0.113.7"),
    ({}, PROXY),
)


def sent(headers: dict[str, str], remote: str = PROXY) -> str:
    """Tell whose request it is."""
    request = make_mocked_request("GET", "/", headers=headers)
    return sender_of(request.clone(remote=remote), SITE)


@pytest.mark.parametrize(("spelled", "address"), SPELLINGS)
def test_every_spelling_is_the_address(spelled: str, address: str) -> None:
    """With ports, brackets, quotes and scopes, as different proxies write it."""
    assert sent({"X-Forwarded-For": spelled}) == address


@pytest.mark.parametrize(("headers", "address"), CHAINS)
def test_last_address_that_is_not_ours_counts(
    headers: dict[str, str],
    address: str,
) -> None:
    """In either header; what is left of it may be invented."""
    assert sent(headers) == address


@pytest.mark.parametrize("remote", ["203.0.113.9", "::ffff:203.0.113.9"])
def test_strangers_are_not_believed(remote: str) -> None:
    """Whoever is no proxy of ours says nothing about others."""
    for header in ("X-Forwarded-For", "Forwarded"):
        assert sent({header: "for=1.1.1.1"}, remote) == "203.0.113.9"


def test_proxy_is_known_in_either_protocol() -> None:
    """A socket for both shows IPv4 addresses in IPv6."""
    for remote, is_ours in ((f"::ffff:{PROXY}", True), ("11.0.0.1", False)):
        request = make_mocked_request("GET", "/").clone(remote=remote)

        assert is_from_proxy(request, SITE) == is_ours


def test_long_headers_cost_time_in_proportion() -> None:
    """Open quotes and thousands of elements are read once."""
    for text in ('"' * 8000, "for=a," * 1300, ";for=" * 1600, '"\\' * 4000):
        assert sent({"Forwarded": text}) == PROXY
