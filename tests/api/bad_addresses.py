"""Addresses that look like those of routes."""

from typing import Final

NOT_IDS: Final = (
    "1",
    "-1",
    "null",
    "me",
    "*",
    "%00",
    "%20",
    "%ff",
    "%ED%A0%80",
    "..",
    "%2e%2e",
    "..%2f..%2fusers",
    "{id}",
    "%7Bid%7D",
    "1%20OR%201=1",
    "00000000000070008000000000000000",
    "00000000-0000-7000-8000-00000000000",
    "00000000-0000-7000-8000-0000000000000",
    "00000000-0000-7000-8000-000000000000%0a",
    "00000000-0000-7000-8000-000000000000/",
    "{00000000-0000-7000-8000-000000000000}",
    "urn:uuid:00000000-0000-7000-8000-000000000000",
    "٠0000000-0000-7000-8000-000000000000",
)
# As a careless router might read an address.
SPELLINGS: Final = (
    "/{path}",
    "{path}/",
    "{path}//",
    "{path}/.",
    "{path}%2f",
    "{path}%00",
    "{path};a=b",
    "{path}.json",
    "{parent}//{last}",
    "{parent}/./{last}",
    "{parent}/x/../{last}",
    "{parent}/%2e/{last}",
    "{parent}%2f{last}",
    "{upper}",
)


def misspelled(path: str) -> list[str]:
    """Write an address in every other spelling."""
    parent, _, last = path.rpartition("/")
    parts = {"path": path, "parent": parent, "last": last, "upper": path.upper()}
    return [spelling.format_map(parts) for spelling in SPELLINGS]
