"""What a log says of goods, carts and buyers, always from all of its events."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from tests.oracle.events import Address, Event
from tests.oracle.ranking import ranked

Buyer: TypeAlias = int | Address
Votes: TypeAlias = dict[int, Counter[str]]


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart that has cart lines; ``buyer`` matters only when it is paid."""

    cart_id: int
    created_at: datetime
    address: Address
    lines: int
    with_pay: bool
    paid: bool
    buyer: Buyer
    categories: frozenset[str]


def read_carts(events: list[Event]) -> list[Cart]:
    """Return every cart, by id; ``events`` are in order."""
    categories = goods_categories(events)
    users = _first_users(events)
    return [
        _read_cart(own, categories, users)
        for _, own in sorted(_by_cart(events).items())
        if _count(own, "cart")
    ]


def count_orphans(events: list[Event]) -> int:
    """Count pay and success lines of carts that have no cart line."""
    return sum(len(own) for own in _by_cart(events).values() if not _count(own, "cart"))


def goods_categories(events: list[Event]) -> dict[int, str]:
    """Let the page seen right before a cart line vote for what its goods id is."""
    votes = _goods_votes(events)
    return {
        goods_id: ranked(pages)[0].split("/")[0] for goods_id, pages in votes.items()
    }


def _goods_votes(events: list[Event]) -> Votes:
    votes: Votes = defaultdict(Counter)
    before: dict[Address, Event] = {}
    for event in events:
        seen = before.get(event.address)
        before[event.address] = event
        if event.kind == "cart" and seen is not None and seen.kind == "goods":
            page = f"{seen.carries['category']}/{seen.carries['goods']}/"
            votes[event.number("goods_id")][page] += 1
    return votes


def _first_users(events: list[Event]) -> dict[Address, int]:
    users: dict[Address, int] = {}
    for event in events:
        if event.kind == "pay":
            users.setdefault(event.address, event.number("user_id"))
    return users


def _by_cart(events: list[Event]) -> dict[int, list[Event]]:
    carts: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        if "cart_id" in event.carries:
            carts[event.number("cart_id")].append(event)
    return carts


def _read_cart(
    own: list[Event],
    categories: Mapping[int, str],
    users: Mapping[Address, int],
) -> Cart:
    lines = [event for event in own if event.kind == "cart"]
    payers = [event.number("user_id") for event in own if event.kind == "pay"]
    first = lines[0]
    goods = {line.number("goods_id") for line in lines}
    return Cart(
        cart_id=first.number("cart_id"),
        created_at=first.at,
        address=first.address,
        lines=len(lines),
        with_pay=bool(payers),
        paid=_count(own, "success") > 0,
        buyer=payers[0] if payers else users.get(first.address, first.address),
        categories=frozenset(categories[known] for known in goods & set(categories)),
    )


def _count(events: list[Event], kind: str) -> int:
    return sum(event.kind == kind for event in events)
