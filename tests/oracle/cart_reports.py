"""Reports 5 to 7: carts and their buyers."""

from collections import Counter
from itertools import chain

from tests.oracle.question import Question
from tests.oracle.ranking import Document, pick, ranked


def bought_together(question: Question) -> Document:
    """Report 5: paid carts that hold the category and another one.

    The share is that of the paid carts that hold the category.
    """
    held = [
        cart.categories
        for cart in question.carts
        if cart.paid and question.category in cart.categories
    ]
    others = Counter(chain.from_iterable(held))
    others.pop(question.category, None)
    rows = [
        {"category": name, "carts": others[name], "share": others[name] / len(held)}
        for name in ranked(others)
    ]
    return {
        "answer": pick(rows, "category", "carts"),
        "rows": rows,
        "meta": question.meta,
    }


def unpaid_carts(question: Question) -> Document:
    """Report 6: carts with no success line, all of them, without pages."""
    unpaid = [cart for cart in question.carts if not cart.paid]
    unpaid.sort(key=lambda cart: (cart.created_at, cart.cart_id))
    funnel = {
        "carts": len(question.carts),
        "with_pay": sum(cart.with_pay for cart in question.carts),
        "paid": sum(cart.paid for cart in question.carts),
    }
    return {
        "answer": {"carts": len(unpaid)},
        "rows": [
            {
                "cart_id": cart.cart_id,
                "created_at": cart.created_at.isoformat(),
                "visitor": str(cart.address),
                "lines": cart.lines,
            }
            for cart in unpaid
        ],
        "meta": question.meta | {"funnel": funnel},
    }


def repeat_buyers(question: Question) -> Document:
    """Report 7: buyers with two or more paid carts; no number is left out."""
    purchases = Counter(cart.buyer for cart in question.carts if cart.paid)
    users = Counter(purchases.values())
    return {
        "answer": {"users": sum(bought > 1 for bought in purchases.values())},
        "rows": [
            {"purchases": bought, "users": users[bought]}
            for bought in range(1, max(users, default=0) + 1)
        ],
        "meta": question.meta,
    }
