"""Lines of a log as events: what counts, and what each one carries."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from types import MappingProxyType
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

MAX_LINE: Final = 8192
LINE: Final = re.compile(
    r"shop_api +\| "
    r"(?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) "
    r"\[(?P<key>[A-Z0-9]{8})\] INFO: "
    r"(?P<address>[!-~]+) "
    r"https://all_to_the_bottom\.com/(?P<path>[!-~]*)",
)
PATHS: Final = MappingProxyType(
    {
        "index": re.compile(""),
        "category": re.compile("(?P<category>[a-z_]+)/"),
        "goods": re.compile("(?P<category>[a-z_]+)/(?P<goods>[a-z_]+)/"),
        "cart": re.compile(
            r"cart\?goods_id=(?P<goods_id>[0-9]{1,18})"
            "&amount=(?=[0-9]*[1-9])[0-9]{1,9}"
            "&cart_id=(?P<cart_id>[0-9]{1,18})",
        ),
        "pay": re.compile(
            r"pay\?user_id=(?P<user_id>[0-9]{1,18})&cart_id=(?P<cart_id>[0-9]{1,18})",
        ),
        "success": re.compile("success_pay_(?P<cart_id>[0-9]{1,18})/"),
    },
)


@dataclass(frozen=True, slots=True)
class Event:
    """One valid request; ``carries`` holds what its path names."""

    at: datetime
    key: str
    address: Address
    kind: str
    carries: Mapping[str, str]

    def number(self, name: str) -> int:
        """Return an id that the path names."""
        return int(self.carries[name])


def read_events(log: bytes) -> list[Event]:
    """Return the valid requests by time, then KEY; of duplicates the first."""
    first: dict[tuple[datetime, str], Event] = {}
    # What follows the last LF may be half a line.
    for line in log.removeprefix(b"\xef\xbb\xbf").split(b"\n")[:-1]:
        for event in _read_line(line.removesuffix(b"\r")):
            first.setdefault((event.at, event.key), event)
    return [first[identity] for identity in sorted(first)]


def _read_line(line: bytes) -> Iterator[Event]:
    found = LINE.fullmatch(line.decode("latin-1"))
    if found is None or len(line) > MAX_LINE or "%" in found["address"]:
        return
    try:
        event = Event(
            datetime.fromisoformat(found["at"]),
            found["key"],
            _read_address(found["address"]),
            *_read_path(found["path"]),
        )
    except ValueError:
        return
    yield event


def _read_address(word: str) -> Address:
    """Read it; an IPv6 address that is an IPv4 one (RFC 4291, 2.5.5.2) is that."""
    packed = ip_address(word).packed
    if packed[:-4] == bytes(10) + b"\xff\xff":
        return IPv4Address(packed[-4:])
    return ip_address(packed)


def _read_path(path: str) -> tuple[str, Mapping[str, str]]:
    for kind, pattern in PATHS.items():
        found = pattern.fullmatch(path)
        if found is not None:
            return kind, found.groupdict()
    return "other", {}
