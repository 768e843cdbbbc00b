"""Where a request comes from, as the proxies before us tell it."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, TypeAlias

from aiohttp import hdrs, web

from prilavok.transport.keys import Site

Address: TypeAlias = IPv4Address | IPv6Address
FORWARDED_FOR: Final = "X-Forwarded-For"
# One ``for=`` of RFC 7239 in its element; possessive: each byte is looked at once.
ELEMENT: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"?)++')
FOR: Final = re.compile(r'(?:^|;)\s*for\s*=\s*("[^"]*"|[^;,"\s]*)', re.IGNORECASE)
PORT: Final = r"(?::[0-9]{1,5})?\Z"
BRACKETED: Final = re.compile(rf"\[([^\]]+)\]{PORT}")
DOTTED: Final = re.compile(rf"([0-9.]+){PORT}")


def sender_of(request: web.Request, site: Site) -> str:
    """Find the client: the last address that no proxy of ours has written itself.

    Addresses further left are whatever the client says. ``X-Forwarded-For`` is read
    before ``Forwarded``: proxies that write the first pass the other on as it came.
    """
    nearest = read_address(request.remote or "")
    if nearest is None or not _is_trusted(nearest, site):
        return _shown(nearest)
    for hop in reversed(tuple(_hops(request))):
        address = read_address(hop)
        if address is None or not _is_trusted(address, site):
            return _shown(address or nearest)
    return _shown(nearest)


def is_from_proxy(request: web.Request, site: Site) -> bool:
    """Tell whether the other end of the connection is a proxy of ours."""
    nearest = read_address(request.remote or "")
    return nearest is not None and _is_trusted(nearest, site)


def read_address(text: str) -> Address | None:
    """Read an address as proxies write it: with a port, in brackets, in quotes.

    An IPv4 address that a socket for both protocols shows in IPv6 is what it is. A
    scope means something on the proxy's machine only, and may be any text.
    """
    bare = text.strip().strip('"')
    found = BRACKETED.match(bare) or DOTTED.match(bare)
    try:
        address = ip_address((found[1] if found else bare).partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _hops(request: web.Request) -> Iterator[str]:
    lines = request.headers.getall(FORWARDED_FOR, ())
    if lines:
        yield from ",".join(lines).split(",")
        return
    for element in ELEMENT.findall(
        ",".join(request.headers.getall(hdrs.FORWARDED, ()))
    ):
        named = FOR.search(element)
        yield named[1] if named else ""


def _is_trusted(address: Address, site: Site) -> bool:
    return any(address in network for network in site.trusted_proxies)


def _shown(address: Address | None) -> str:
    return "" if address is None else str(address)
