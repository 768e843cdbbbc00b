"""Votes, goods and carts, computed from events in plain Python."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from tests.logs.reference_parser import Request

Events: TypeAlias = Sequence[Request]
Table: TypeAlias = list[tuple[Any, ...]]


def cart_tables(events: Events) -> dict[str, Table]:
    """Return the tables that the cart lines of ordered events lead to."""
    votes = _votes(events)
    goods = {one: _winner(pages) for one, pages in votes.items()}
    users = _first_users(events)
    by_cart = sorted(_by_cart(events).items())
    return {
        "goods_votes": sorted(
            (one, page, pages[page]) for one, pages in votes.items() for page in pages
        ),
        "goods": sorted(goods.items()),
        "carts": [
            (one, *_cart(own, goods, users)) for one, own in by_cart if _lines(own)
        ],
        "orphan_carts": [(one, len(own)) for one, own in by_cart if not _lines(own)],
    }


def _by_cart(events: Events) -> dict[int, list[Request]]:
    by_cart: dict[int, list[Request]] = defaultdict(list)
    for event in events:
        if event.carried.cart_id is not None:
            by_cart[event.carried.cart_id].append(event)
    return by_cart


def _votes(events: Events) -> dict[int, Counter[str]]:
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    previous: dict[str, Request] = {}
    for event in events:
        before = previous.get(event.address)
        goods_id = event.carried.goods_id
        if goods_id is not None and before is not None and before.kind == "GOODS":
            votes[goods_id][before.page] += 1
        previous[event.address] = event
    return votes


def _winner(pages: Counter[str]) -> str:
    most = max(pages.values())
    return min(page for page, count in pages.items() if count == most)


def _first_users(events: Events) -> dict[str, int]:
    users: dict[str, int] = {}
    for event in events:
        if event.carried.user_id is not None:
            users.setdefault(event.address, event.carried.user_id)
    return users


def _lines(events: Events) -> Events:
    return [event for event in events if event.kind == "CART"]


def _cart(
    events: Events,
    goods: Mapping[int, str],
    users: Mapping[str, int],
) -> list[Any]:
    lines = _lines(events)
    payers = [event.carried.user_id for event in events if event.kind == "PAY"]
    paid = [event.at for event in events if event.kind == "SUCCESS"]
    elsewhere = users.get(lines[0].address) if paid else None
    pages = {goods.get(line.carried.goods_id or 0, "") for line in lines} - {""}
    return [
        lines[0].at,
        paid[0] if paid else None,
        payers[0] if payers else elsewhere,
        lines[0].address,
        len(lines),
        sorted({page.split("/")[0] for page in pages}),
        bool(payers),
    ]
