"""Networks that are not the internet at large, in a table of our own.

Python's ``ipaddress`` has such a table, too, but another one in each version. Sources:
IANA IPv4 Special-Purpose Address Registry and IANA IPv6 Special-Purpose Address
Registry, both as of 2025-10-09: what they do not call globally reachable. A network is
refused as a whole, also where the registry excepts an anycast address of it, behind
which is a router and no server of lists. Beside these: multicast, the relays of 6to4,
and of IPv6 all that IANA has not opened for unicast (2000::/3 is).
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

REFUSED_IPV4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private use
            "100.64.0.0/10",  # shared address space
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link local
            "172.16.0.0/12",  # private use
            "192.0.0.0/24",  # IETF protocol assignments
            "192.0.2.0/24",  # documentation, TEST-NET-1
            "192.88.99.0/24",  # relays of 6to4, given up
            "192.168.0.0/16",  # private use
            "198.18.0.0/15",  # benchmarking
            "198.51.100.0/24",  # documentation, TEST-NET-2
            "203.0.113.0/24",  # documentation, TEST-NET-3
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and limited broadcast
        ),
    ),
)
# Outside of it are loopback (::1), IPv4-mapped (::ffff:0:0/96), local translation
# (64:ff9b:1::/48), discard-only and dummy (100::/64, 100:0:0:1::/64), segment routing
# (5f00::/16), unique local (fc00::/7), link local (fe80::/10) and multicast (ff00::/8).
UNICAST_IPV6: Final = IPv6Network("2000::/3")
REFUSED_IPV6: Final = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # IETF protocol assignments, benchmarking, ORCHID, Teredo
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
        ),
    ),
)


def is_special_ipv4(address: IPv4Address) -> bool:
    """Tell whether the address is not globally reachable."""
    return any(address in network for network in REFUSED_IPV4)


def is_special_ipv6(address: IPv6Address) -> bool:
    """Tell whether the address is not globally reachable.

    Addresses that carry an IPv4 address are special, whatever that one is.
    """
    if address not in UNICAST_IPV6:
        return True
    return any(address in network for network in REFUSED_IPV6)
