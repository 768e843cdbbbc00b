"""Which addresses we may connect to: public ones, unless the settings say otherwise.

The address that was checked is the one that is connected to, so that a name server
cannot change its mind in between.
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final, NamedTuple, TypeAlias, final

from prilavok.clients.json_sources.special_networks import (
    is_special_ipv4,
    is_special_ipv6,
)

Address: TypeAlias = IPv4Address | IPv6Address
# An IPv4 address stands in the last four bytes: IPv4-compatible, mapped, NAT64.
ENDS_IN_IPV4: Final = (
    IPv6Network("::/96"),
    IPv6Network("::ffff:0:0/96"),
    IPv6Network("64:ff9b::/96"),
)
IPV4_MASK: Final = 0xFFFFFFFF


class AddressRefused(OSError):
    """The host has an address that we must not connect to."""

    def __init__(self) -> None:
        """Say no more: what is behind a name inside is nobody's business."""
        super().__init__("The host has an address that is not public.")


class Endpoint(NamedTuple):
    """Where to connect to; ``address`` is a number, never a name."""

    family: int
    address: str


@final
@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Resolves names to addresses that may be connected to."""

    allow_private: bool = False

    def lookup(self, host: str, port: int) -> list[Endpoint]:
        """Resolve a name or a literal, also a decimal, octal or hexadecimal one.

        Blocks. Raises ``AddressRefused`` when any address is not allowed, and
        ``OSError`` when there is none.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return self.admit(
            Endpoint(family, str(place[0])) for family, *_, place in found
        )

    def admit(self, endpoints: Iterable[Endpoint]) -> list[Endpoint]:
        """Return the endpoints, or raise ``AddressRefused`` for any one of them."""
        listed = list(endpoints)
        for endpoint in listed:
            self.check(endpoint.address)
        return listed

    def check(self, address: str) -> None:
        """Raise ``AddressRefused`` unless this literal address is allowed."""
        if not (self.allow_private or is_public(ip_address(address))):
            raise AddressRefused


def is_public(address: Address) -> bool:
    """Tell whether the address belongs to the internet at large.

    Addresses that carry an IPv4 address are as public as that one.
    """
    if isinstance(address, IPv4Address):
        return not is_special_ipv4(address)
    carried = _carried_ipv4(address)
    if carried:
        return not any(map(is_special_ipv4, carried))
    return not (is_special_ipv6(address) or address.scope_id)


def _carried_ipv4(address: IPv6Address) -> tuple[IPv4Address, ...]:
    if any(address in network for network in ENDS_IN_IPV4):
        return (IPv4Address(int(address) & IPV4_MASK),)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    return address.teredo or ()
