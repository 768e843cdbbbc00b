"""Rows and answers of the reports that count carts and their buyers."""

from dataclasses import dataclass
from datetime import datetime
from typing import final


@final
@dataclass(frozen=True, slots=True)
class CategoryCarts:
    """Paid carts that hold this category too.

    ``share``: of the paid carts that hold the category asked for, from 0 to 1.
    """

    category: str
    carts: int
    share: float


@final
@dataclass(frozen=True, slots=True)
class UnpaidCart:
    """A cart without a payment; ``visitor`` is the address that opened it."""

    cart_id: int
    created_at: datetime
    visitor: str
    lines: int


@final
@dataclass(frozen=True, slots=True)
class CartCount:
    """How many carts were never paid."""

    carts: int


@final
@dataclass(frozen=True, slots=True)
class Funnel:
    """Carts, those of them that reached the pay page, those that were paid."""

    carts: int
    with_pay: int
    paid: int


@final
@dataclass(frozen=True, slots=True)
class PurchaseUsers:
    """How many buyers have this number of paid carts."""

    purchases: int
    users: int


@final
@dataclass(frozen=True, slots=True)
class UserCount:
    """How many buyers bought again."""

    users: int
