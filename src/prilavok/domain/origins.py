"""Whom limits hold to be one client."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

IPV6_PREFIX: Final = 64


def origin_of(address: str) -> str:
    """Name whom the limits hold to be one client.

    An IPv6 subscriber has 2**64 addresses of his own, so all of them are one.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((int(parsed), IPV6_PREFIX), strict=False))
