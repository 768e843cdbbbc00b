"""Counts of events, appended by every block of an import and added up when read.

Rows have no key of their own. ``country`` repeats the visitor's, so that a report
need not ask for it. Those of visitors without one are found by visitor: a country that
is told later must reach them.
"""

from typing import Final

from sqlalchemy import Column, Date, Index, Integer, SmallInteger, Table, text

from prilavok.repositories.tables.base import Row

ALL_CATEGORIES: Final = 0
ALL_KINDS: Final = 0
WITHOUT_COUNTRY: Final = text("country = 0")
HOUR_COLUMNS: Final = tuple(map("h{0:02}".format, range(24)))

# Events of an address on a day.
VISITOR_DAYS: Final = Table(
    "visitor_days",
    Row.metadata,
    Column("import_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("visitor_id", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("country", SmallInteger, nullable=False),
    Index("ix__visitor_days__import_id", "import_id", postgresql_using="brin"),
    Index(
        "ix__visitor_days__without_country",
        "visitor_id",
        postgresql_where=WITHOUT_COUNTRY,
    ),
    Index(
        "ix__visitor_days__day",
        "day",
        postgresql_include=("country", "visitor_id", "events"),
    ),
)

# Views of a category's own page and of its goods' pages by an address on a day.
CATEGORY_VISITOR_DAYS: Final = Table(
    "category_visitor_days",
    Row.metadata,
    Column("import_id", Integer, nullable=False),
    Column("category_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("visitor_id", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("country", SmallInteger, nullable=False),
    Index("ix__category_visitor_days__import_id", "import_id", postgresql_using="brin"),
    Index(
        "ix__category_visitor_days__without_country",
        "visitor_id",
        postgresql_where=WITHOUT_COUNTRY,
    ),
    Index(
        "ix__category_visitor_days__category_id_day",
        "category_id",
        "day",
        postgresql_include=("country", "visitor_id", "events"),
    ),
)

# Events by hour of day: of a kind in a category, or of everything (both 0).
DAY_HOURS: Final = Table(
    "day_hours",
    Row.metadata,
    Column("import_id", Integer, nullable=False),
    Column("category_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    *(Column(hour, Integer, nullable=False) for hour in HOUR_COLUMNS),
    Index("ix__day_hours__import_id", "import_id", postgresql_using="brin"),
    Index("ix__day_hours__category_id_day", "category_id", "day"),
)
