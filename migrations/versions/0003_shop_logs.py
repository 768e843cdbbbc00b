"""Shop logs: imports, events with their dimensions, summaries, carts."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, INET, ExcludeConstraint

revision: Final = "0003_shop_logs"
down_revision: Final = "0002_accounts"
branch_labels: Final = None
depends_on: Final = None

TIMESTAMP: Final = sa.DateTime(timezone=True)
SHOP_TIME: Final = sa.DateTime()
TABLES: Final = (
    "imports",
    "visitors",
    "categories",
    "pages",
    "events",
    "cart_events",
    "visitor_days",
    "category_visitor_days",
    "day_hours",
    "goods_votes",
    "goods",
    "category_sets",
    "carts",
    "orphan_carts",
    "log_state",
)
HOURS: Final = tuple(map("h{0:02}".format, range(24)))
COUNTED: Final = ("country", "visitor_id", "events")


def upgrade() -> None:
    """Make the tables."""
    _create_imports()
    _create_dimensions()
    _create_events()
    _create_cart_events()
    _create_summaries()
    _create_goods()
    _create_carts()
    _create_state()
    for table in ("events", "cart_events"):
        _create_brin(table)


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.drop_table(table)


def _column(name: str, kind: type[sa.types.TypeEngine[int]]) -> sa.Column[int]:
    return sa.Column(name, kind(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.Identity(always=True), nullable=False)


def _create_brin(table: str) -> None:
    op.create_index(
        f"ix__{table}__import_id",
        table,
        ["import_id"],
        postgresql_using="brin",
    )


def _create_imports() -> None:
    counts = ("bytes_done", "lines", "inserted", "duplicates", "rejected")
    op.create_table(
        "imports",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("uuidv7()"),
            nullable=False,
        ),
        _number("import_id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("bytes_total", sa.BigInteger(), nullable=True),
        *(
            sa.Column(count, sa.BigInteger(), server_default="0", nullable=False)
            for count in counts
        ),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            TIMESTAMP,
            server_default=sa.func.now(),
            nullable=False,
        ),
        sa.Column("started_at", TIMESTAMP, nullable=True),
        sa.Column("finished_at", TIMESTAMP, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__imports")),
        sa.UniqueConstraint("import_id", name=op.f("uq__imports__import_id")),
    )


def _create_dimensions() -> None:
    op.create_table(
        "visitors",
        _number("visitor_id"),
        sa.Column("address", INET(), nullable=False),
        _column("country", sa.SmallInteger),
        sa.PrimaryKeyConstraint("visitor_id", name=op.f("pk__visitors")),
        sa.UniqueConstraint("address", name=op.f("uq__visitors__address")),
    )
    op.create_table(
        "categories",
        _number("category_id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("category_id", name=op.f("pk__categories")),
        ExcludeConstraint(("name", "="), using="hash", name="ex__categories__name"),
    )
    op.create_table(
        "pages",
        _number("page_id"),
        _column("kind", sa.SmallInteger),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("goods", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk__pages")),
        ExcludeConstraint(("path", "="), using="hash", name="ex__pages__path"),
    )


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("at", SHOP_TIME, nullable=False),
        _column("key", sa.BigInteger),
        _column("visitor_id", sa.Integer),
        _column("import_id", sa.Integer),
        _column("page_id", sa.Integer),
        sa.PrimaryKeyConstraint("at", "key", name=op.f("pk__events")),
    )


def _create_cart_events() -> None:
    op.create_table(
        "cart_events",
        _column("visitor_id", sa.Integer),
        sa.Column("at", SHOP_TIME, nullable=False),
        _column("key", sa.BigInteger),
        _column("cart_id", sa.BigInteger),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("goods_id", sa.BigInteger(), nullable=True),
        _column("import_id", sa.Integer),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("previous_import_id", sa.Integer(), nullable=True),
        _column("kind", sa.SmallInteger),
        sa.Column("is_due", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint(
            "visitor_id",
            "at",
            "key",
            name=op.f("pk__cart_events"),
        ),
    )
    op.create_index("ix__cart_events__cart_id", "cart_events", ["cart_id"])
    op.create_index("ix__cart_events__goods_id", "cart_events", ["goods_id"])
    op.create_index(
        "ix__cart_events__previous_import_id",
        "cart_events",
        ["previous_import_id"],
        postgresql_using="brin",
    )
    op.create_index(
        "ix__cart_events__is_due",
        "cart_events",
        ["at"],
        postgresql_where=sa.text("is_due"),
    )


def _create_summaries() -> None:
    op.create_table(
        "visitor_days",
        _column("import_id", sa.Integer),
        sa.Column("day", sa.Date(), nullable=False),
        _column("visitor_id", sa.Integer),
        _column("events", sa.Integer),
        _column("country", sa.SmallInteger),
    )
    op.create_table(
        "category_visitor_days",
        _column("import_id", sa.Integer),
        _column("category_id", sa.Integer),
        sa.Column("day", sa.Date(), nullable=False),
        _column("visitor_id", sa.Integer),
        _column("events", sa.Integer),
        _column("country", sa.SmallInteger),
    )
    op.create_table(
        "day_hours",
        _column("import_id", sa.Integer),
        _column("category_id", sa.Integer),
        sa.Column("day", sa.Date(), nullable=False),
        _column("kind", sa.SmallInteger),
        *(_column(hour, sa.Integer) for hour in HOURS),
    )
    for table in ("visitor_days", "category_visitor_days", "day_hours"):
        _create_brin(table)
    op.create_index(
        "ix__visitor_days__day",
        "visitor_days",
        ["day"],
        postgresql_include=COUNTED,
    )
    op.create_index(
        "ix__category_visitor_days__category_id_day",
        "category_visitor_days",
        ["category_id", "day"],
        postgresql_include=COUNTED,
    )
    op.create_index(
        "ix__day_hours__category_id_day",
        "day_hours",
        ["category_id", "day"],
    )


def _create_goods() -> None:
    op.create_table(
        "goods_votes",
        _column("goods_id", sa.BigInteger),
        _column("page_id", sa.Integer),
        _column("votes", sa.Integer),
        sa.PrimaryKeyConstraint("goods_id", "page_id", name=op.f("pk__goods_votes")),
    )
    op.create_table(
        "goods",
        sa.Column("goods_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _column("page_id", sa.Integer),
        _column("category_id", sa.Integer),
        sa.PrimaryKeyConstraint("goods_id", name=op.f("pk__goods")),
    )
    op.create_table(
        "category_sets",
        _number("category_set_id"),
        sa.Column("category_ids", ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("category_set_id", name=op.f("pk__category_sets")),
        sa.UniqueConstraint(
            "category_ids",
            name=op.f("uq__category_sets__category_ids"),
        ),
    )


def _create_carts() -> None:
    op.create_table(
        "carts",
        sa.Column("cart_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", SHOP_TIME, nullable=False),
        sa.Column("paid_at", SHOP_TIME, nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        _column("visitor_id", sa.Integer),
        _column("lines", sa.Integer),
        _column("category_set_id", sa.Integer),
        sa.Column("has_pay", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("cart_id", name=op.f("pk__carts")),
    )
    op.create_index(
        "ix__carts__paid",
        "carts",
        ["created_at"],
        postgresql_include=["user_id", "visitor_id", "category_set_id", "has_pay"],
        postgresql_where=sa.text("paid_at IS NOT NULL"),
    )
    op.create_index(
        "ix__carts__unpaid",
        "carts",
        ["created_at", "cart_id"],
        postgresql_include=["visitor_id", "lines", "has_pay"],
        postgresql_where=sa.text("paid_at IS NULL"),
    )
    op.create_index(
        "ix__carts__payless",
        "carts",
        ["visitor_id"],
        postgresql_where=sa.text("paid_at IS NOT NULL AND NOT has_pay"),
    )
    op.create_table(
        "orphan_carts",
        sa.Column("cart_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _column("lines", sa.Integer),
        sa.PrimaryKeyConstraint("cart_id", name=op.f("pk__orphan_carts")),
    )


def _create_state() -> None:
    op.create_table(
        "log_state",
        sa.Column("generation", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("generation", name=op.f("pk__log_state")),
    )
    op.execute("INSERT INTO log_state VALUES (gen_random_uuid())")
