"""What the cart lines of all imports mean together; counted again when touched."""

from datetime import datetime
from typing import Final, final

from sqlalchemy import BigInteger, DateTime, Identity, Index, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from prilavok.repositories.tables.base import Row

ALWAYS: Final = Identity(always=True)
PAID: Final = text("paid_at IS NOT NULL")
UNPAID: Final = text("paid_at IS NULL")


@final
class GoodsVoteRow(Row):
    """How many cart lines say that this goods id is this page."""

    __tablename__ = "goods_votes"

    goods_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    page_id: Mapped[int] = mapped_column(primary_key=True)
    votes: Mapped[int]


@final
class GoodsRow(Row):
    """The page with the most votes; goods without votes have no row."""

    __tablename__ = "goods"

    goods_id: Mapped[int] = mapped_column(
        BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    page_id: Mapped[int]
    category_id: Mapped[int]


@final
class CategorySetRow(Row):
    """Some categories, ascending: few sets stand for millions of carts.

    A cart may have more categories than a B-tree can hold.
    """

    __tablename__ = "category_sets"

    category_set_id: Mapped[int] = mapped_column(ALWAYS, primary_key=True)
    category_ids: Mapped[list[int]] = mapped_column(ARRAY(Integer))

    __table_args__ = (
        ExcludeConstraint(
            ("category_ids", "="),
            using="hash",
            name="ex__category_sets__category_ids",
        ),
    )


@final
class CartRow(Row):
    """A cart, from its first cart line on.

    ``visitor_id`` sent the first cart line; ``paid_at`` is the first success. The
    buyer is ``user_id``, or else the visitor: the user of the first pay line, or, when
    the cart is paid without any, the user that the visitor first paid as elsewhere.
    """

    __tablename__ = "carts"

    cart_id: Mapped[int] = mapped_column(
        BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    created_at: Mapped[datetime] = mapped_column(DateTime())
    paid_at: Mapped[datetime | None] = mapped_column(DateTime())
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    visitor_id: Mapped[int]
    lines: Mapped[int]
    category_set_id: Mapped[int]
    has_pay: Mapped[bool]

    __table_args__ = (
        Index(
            "ix__carts__paid",
            "created_at",
            postgresql_include=("user_id", "visitor_id", "has_pay"),
            postgresql_where=PAID,
        ),
        Index(
            "ix__carts__paid_sets",
            "category_set_id",
            "created_at",
            postgresql_where=PAID,
        ),
        Index(
            "ix__carts__unpaid",
            "created_at",
            "cart_id",
            postgresql_include=("visitor_id", "lines", "has_pay"),
            postgresql_where=UNPAID,
        ),
        Index(
            "ix__carts__payless",
            "visitor_id",
            postgresql_where=text("paid_at IS NOT NULL AND NOT has_pay"),
        ),
    )


@final
class OrphanCartRow(Row):
    """A cart id with pay or success lines, but no cart line."""

    __tablename__ = "orphan_carts"

    cart_id: Mapped[int] = mapped_column(
        BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    lines: Mapped[int]
