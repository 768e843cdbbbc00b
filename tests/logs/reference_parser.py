"""The format of shop logs once more: slow, line by line, written from its description.

It shares no code with the service, so that agreement of the two means something.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from ipaddress import IPv4Address, ip_address
from typing import Final, NamedTuple

LINE: Final = re.compile(
    rb"shop_api +\| ([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) "
    rb"\[([A-Z0-9]{8})\] INFO: ([\x21-\x7e]+) "
    rb"https://all_to_the_bottom\.com/([\x21-\x7e]*)",
)
CATEGORY: Final = re.compile("([a-z_]+)/")
GOODS: Final = re.compile("([a-z_]+)/([a-z_]+)/")
CART: Final = re.compile(
    r"cart\?goods_id=([0-9]{1,18})&amount=([0-9]{1,9})&cart_id=([0-9]{1,18})",
)
PAY: Final = re.compile(r"pay\?user_id=([0-9]{1,18})&cart_id=([0-9]{1,18})")
SUCCESS: Final = re.compile("success_pay_([0-9]{1,18})/")


class Carried(NamedTuple):
    """What the path of a request carries."""

    cart_id: int | None = None
    user_id: int | None = None
    goods_id: int | None = None
    amount: int | None = None


class Request(NamedTuple):
    """An event; ``page`` is the path of a category or goods page, else the kind."""

    at: datetime
    key: str
    address: str
    kind: str
    page: str
    carried: Carried

    @property
    def category(self) -> str:
        """Name the category of a category or goods page."""
        return self.page.split("/")[0]


class Refusal(NamedTuple):
    """A rejected line."""

    line: int
    reason: str


class Log(NamedTuple):
    """What a log says; ``lines`` leaves out blank ones."""

    lines: int
    requests: list[Request]
    refusals: list[Refusal]


def read_log(log: bytes) -> Log:
    """Read it line by line."""
    found = list(_verdicts(log.removeprefix(b"\xef\xbb\xbf")))
    return Log(
        len(found),
        [one for one in found if isinstance(one, Request)],
        [one for one in found if isinstance(one, Refusal)],
    )


def _verdicts(log: bytes) -> Iterator[Request | Refusal]:
    *whole, rest = log.split(b"\n")
    for number, ended in enumerate(whole, start=1):
        line = ended.removesuffix(b"\r")
        if line.strip(b" \t"):
            yield _read_line(number, line)
    if rest.removesuffix(b"\r").strip(b" \t"):
        yield Refusal(len(whole) + 1, "unfinished")


def _read_line(number: int, line: bytes) -> Request | Refusal:
    if len(line) > 8192:
        return Refusal(number, "too_long")
    match = LINE.fullmatch(line)
    if match is None:
        return Refusal(number, "syntax")
    moment, key, address, path = (part.decode("ascii") for part in match.groups())
    if not _is_time(moment):
        return Refusal(number, "bad_date")
    if not _is_address(address):
        return Refusal(number, "bad_ip")
    return Request(
        datetime.fromisoformat(moment),
        key,
        _one_spelling(address),
        *_read_path(path),
    )


def _is_time(moment: str) -> bool:
    try:
        return str(datetime.strptime(moment, "%Y-%m-%d %H:%M:%S")) == moment
    except ValueError:
        return False


def _is_address(word: str) -> bool:
    try:
        return bool(str(ip_address(word))) and "%" not in word
    except ValueError:
        return False


def _one_spelling(word: str) -> str:
    """Write an IPv6 address that is an IPv4 one as that."""
    address = ip_address(word)
    front, number = divmod(int(address), 2**32)
    if address.version == 6 and front == 0xFFFF:
        return str(IPv4Address(number))
    return str(address)


def _read_path(path: str) -> tuple[str, str, Carried]:
    if path == "":
        return "INDEX", "index", Carried()
    if CATEGORY.fullmatch(path):
        return "CATEGORY", path, Carried()
    if GOODS.fullmatch(path):
        return "GOODS", path, Carried()
    return _read_cart(path)


def _read_cart(path: str) -> tuple[str, str, Carried]:
    line, pay, success = (form.fullmatch(path) for form in (CART, PAY, SUCCESS))
    if line and int(line[2]) > 0:
        carried = Carried(int(line[3]), None, int(line[1]), int(line[2]))
        return "CART", "cart", carried
    if pay:
        return "PAY", "pay", Carried(int(pay[2]), int(pay[1]))
    if success:
        return "SUCCESS", "success", Carried(int(success[1]))
    return "OTHER", "other", Carried()
