"""Rules of sources that need no server."""

import asyncio
import gzip
import sys
import zlib
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final
from uuid import uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.clients.json_sources.addresses import is_public
from prilavok.clients.json_sources.body import BodyReader
from prilavok.clients.json_sources.items import read_items
from prilavok.clients.json_sources.opening import FetcherMissing, open_client
from prilavok.clients.json_sources.port import FetchFailed
from prilavok.domain.source_items import GatheredItems, SourceReport, SourceTarget
from prilavok.domain.source_pairs import read_pairs
from prilavok.domain.source_statuses import MEANINGS, SourceStatus
from prilavok.domain.sources import same_origin
from prilavok.services.flights import Flights
from prilavok.services.sources.breakers import OPEN_SECONDS, Breakers
from prilavok.transport.openapi import openapi_document
from prilavok.transport.source_headers import TIMING_MAX_LENGTH, source_headers

INTEGERS: Final = st.integers(-(2**63), 2**64 - 1)
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | INTEGERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
BODY: Final = b'[{"id": 1, "name": "one"}]'
BOMB: Final = gzip.compress(bytes(10_000_000))
GREENLETS: Final = "prilavok.clients.json_sources.greenlets_fetcher"
ITEMS: Final = st.lists(
    JSON | st.fixed_dictionaries({"id": INTEGERS | JSON, "name": JSON}),
)


# As of 2025-10-09: globally reachable is False, or not applicable and carries nothing.
NOT_GLOBAL: Final = (
    "0.0.0.0/8",
    "0.0.0.0/32",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.0.0/29",
    "192.0.0.8/32",
    "192.0.0.9/32",
    "192.0.0.10/32",
    "192.0.0.170/32",
    "192.0.0.171/32",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "::1/128",
    "::/128",
    "64:ff9b:1::/48",
    "100::/64",
    "100:0:0:1::/64",
    "2001:2::/48",
    "2001:10::/28",
    "2001:db8::/32",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
)
PUBLIC: Final = int(IPv4Address("8.8.8.8"))


def carriers(address: IPv4Address | IPv6Address) -> list[IPv6Address]:
    """Return the IPv6 addresses that carry an IPv4 one: mapped, NAT64, 6to4, Teredo."""
    number = int(address)
    return [
        IPv6Address((0xFFFF << 32) + number),
        IPv6Address(int(IPv6Address("64:ff9b::")) + number),
        IPv6Address((0x2002 << 112) + (number << 80) + 1),
        IPv6Address((0x20010000 << 96) + (PUBLIC << 64) + (number ^ 0xFFFFFFFF)),
        IPv6Address((0x20010000 << 96) + (number << 64) + (PUBLIC ^ 0xFFFFFFFF)),
    ]


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.now: float = 0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


class Work:
    """Work that waits for its gate and comes to nothing."""

    def __init__(self) -> None:
        """Count how often it is begun."""
        self.flights = Flights[None]()
        self.gate = asyncio.Event()
        self.started = 0

    async def __call__(self) -> None:
        """Begin it."""
        self.started += 1
        await self.gate.wait()
        raise ValueError("of no use")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2001:0:808:808::f5ff:fffe", False),
        ("2002:a00:1::", False),
        ("2001:db8::1", False),
        ("fc00::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_only_public_addresses_are_public(address: str, expected: bool) -> None:
    """27: an IPv4 address inside of an IPv6 one counts as itself."""
    assert is_public(ip_address(address)) is expected


@pytest.mark.parametrize("network", NOT_GLOBAL)
def test_nothing_that_iana_calls_not_globally_reachable_is_public(network: str) -> None:
    """27: neither by itself nor inside of another address, whatever Python says."""
    listed = ip_network(network)
    for address in (listed[0], listed[listed.num_addresses // 2], listed[-1]):
        assert not is_public(address)
        if address.version == 4:
            assert not any(is_public(one) for one in carriers(address))


@pytest.mark.parametrize("address", ["1.0.0.1", "172.15.255.255", "192.0.1.0"])
def test_what_stands_next_to_special_networks_is_public(address: str) -> None:
    """Also inside of another address."""
    assert is_public(ip_address(address))
    assert all(is_public(one) for one in carriers(ip_address(address)))


@given(ITEMS)
def test_items_are_those_that_the_contract_calls_so(document: list[Any]) -> None:
    """Whatever else the list holds: the plain reading of the rule is the oracle."""
    body = orjson.dumps(document)
    expected = [
        (found["id"], found["name"])
        for found in orjson.loads(body)
        if isinstance(found, dict)
        and isinstance(found.get("id"), int)
        and not isinstance(found["id"], bool)
        and isinstance(found.get("name"), str)
    ]
    try:
        delivery = read_items(body)
    except FetchFailed as error:
        assert error.status is SourceStatus.BAD_SCHEMA
        assert document
        assert not expected
    else:
        assert list(delivery.items) == expected
        assert delivery.dropped == len(document) - len(expected)


def test_a_bomb_is_never_unpacked_beyond_the_limit() -> None:
    """However large the pieces are in which it comes."""
    reader = BodyReader("gzip", max_bytes=10)
    with pytest.raises(FetchFailed) as caught:
        reader.feed(BOMB)

    assert caught.value.status is SourceStatus.TOO_LARGE


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(BODY)),
        ("gzip, identity", b"".join(map(gzip.compress, (BODY[:7], b"", BODY[7:])))),
        ("x-gzip", gzip.compress(BODY) + bytes(5)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("identity,", BODY),
    ],
)
def test_packed_bodies_are_read_in_pieces_of_any_size(
    coding: str,
    packed: bytes,
    size: int,
) -> None:
    """Also where a piece ends in the middle of what tells how they are packed."""
    reader = BodyReader(coding)
    for begin in range(0, len(packed), size):
        reader.feed(packed[begin : begin + size])

    assert reader.finish() == BODY


@pytest.mark.parametrize("cut", range(1, len(gzip.compress(BODY))))
def test_a_gzip_member_that_is_cut_anywhere_is_noticed(cut: int) -> None:
    """Also when nothing but the first byte of it has come."""
    reader = BodyReader("gzip")
    reader.feed((gzip.compress(BODY) * 2)[:-cut])
    with pytest.raises(FetchFailed, match="cut off"):
        reader.finish()


def test_breaker_opens_probes_once_and_closes() -> None:
    """Half open, one caller is let through; another version starts anew."""
    clock = Clock()
    breakers = Breakers(clock)
    target = SourceTarget(uuid4(), "one", "http://one.example/", 2, True, 1)
    breaker = breakers.find(target)
    for _ in range(5):
        assert breaker.admits()
        breaker.note(is_good=False)
    assert not breaker.admits()

    clock.now = OPEN_SECONDS
    assert [breaker.admits() for _ in range(3)] == [True, False, False]
    breaker.note(is_good=True)
    assert breakers.find(target).admits()
    breakers.keep(())
    assert breakers.find(target) is not breaker


def test_an_edited_source_is_not_blamed_for_what_it_was() -> None:
    """Whoever still asks it as it was before leaves the new breaker alone."""
    breakers = Breakers(Clock())
    old = SourceTarget(uuid4(), "one", "http://one.example/", 2, True, 1)
    new = replace(old, version=2)
    for _ in range(5):
        breakers.find(new).note(is_good=False)
    breakers.find(old).note(is_good=True)
    assert not breakers.find(new).admits()

    breakers.keep((new,))
    assert not breakers.find(new).admits()
    assert breakers.find(old).admits()


async def test_work_ends_with_the_last_who_waits() -> None:
    """One who leaves takes nothing from the others; errors reach all of them."""
    work = Work()
    first, second = (asyncio.create_task(work.flights.join(1, work)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait((first,))
    work.gate.set()
    with pytest.raises(ValueError, match="of no use"):
        await second

    assert work.started == 1


def test_addresses_of_one_server_are_of_one_origin() -> None:
    """The default port is a port like any other."""
    assert same_origin("http://far.example/a", "http://FAR.example:80/b?c")
    assert not same_origin("http://far.example/", "https://far.example/")
    assert not same_origin("http://far.example/", "http://far.example:81/")


def test_pairs_may_hold_commas() -> None:
    """Only before the next pair do they separate."""
    pairs = read_pairs("a=http://x.example/?q=1,2&r=b=3, b=https://y.example/")

    assert pairs == {
        "a": "http://x.example/?q=1,2&r=b=3",
        "b": "https://y.example/",
    }
    assert not read_pairs(" ")


@pytest.mark.parametrize("text", ["a", "a=ftp://x", "a,b=http://x/", "a=b=http://x"])
def test_bad_pairs_are_named(text: str) -> None:
    """Whoever set them can find them."""
    with pytest.raises(ValueError, match="a"):
        read_pairs(text)


def test_documentation_explains_every_status() -> None:
    """``/docs`` shows what the contract's words mean."""
    schemas = openapi_document()["components"]["schemas"]
    status = schemas["SourceReport"]["properties"]["status"]

    assert set(status["enum"]) == set(SourceStatus) == set(MEANINGS)
    for name in SourceStatus:
        assert f"`{name}`: {MEANINGS[name]}" in status["description"]


def test_timing_of_many_sources_fits_into_a_header() -> None:
    """Clients refuse lines of 8 KiB."""
    report = SourceReport("x" * 64, SourceStatus.OK, 1, 0, 2000, None, None)
    headers = source_headers(GatheredItems((), (report,) * 500))

    assert 0 < len(headers["Server-Timing"]) <= TIMING_MAX_LENGTH
    assert headers["X-Sources-Completed"] == "true"
    assert "Cache-Control" not in headers


def test_a_fetcher_without_its_packages_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name of the missing file is in the words."""
    # Whatever of it other tests have imported already, it cannot be imported now.
    monkeypatch.setitem(sys.modules, GREENLETS, None)
    with pytest.raises(FetcherMissing, match="requirements-greenlets.txt"):
        asyncio.run(opened())


async def opened() -> None:
    """Open it where there is a loop."""
    open_client("greenlets", allow_private=False)
