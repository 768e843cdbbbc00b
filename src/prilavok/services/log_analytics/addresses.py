"""Which words are addresses, and how each is written in one way only."""

from ipaddress import IPv6Address, ip_address
from typing import Final

import polars as pl

# An IPv4 address can be written in one way only, and nearly all of them are IPv4.
OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4: Final = f"^(?:{OCTET}[.]){{3}}{OCTET}$"


def read_addresses(words: pl.Series) -> pl.Series:
    """Return each address in its canonical form; null where the word is none.

    ``::ffff:a.b.c.d``, as servers on both protocols write it, is a.b.c.d (RFC 4291,
    2.5.5.2): one visitor. Leading zeros, ports, prefix lengths and zones make no
    address.
    """
    others = words.filter(~words.str.contains(IPV4)).to_list()
    canonical = {word: _canonical(word) for word in others}
    if not canonical:
        return words.alias("address")
    replaced = words.replace_strict(
        pl.Series(canonical.keys(), dtype=pl.String),
        pl.Series(canonical.values(), dtype=pl.String),
        default=words,
    )
    return replaced.alias("address")


def _canonical(word: str) -> str | None:
    if "%" in word:
        return None
    try:
        address = ip_address(word)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)
