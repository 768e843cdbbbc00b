"""Counts of events, appended by every block of an import and added up when read.

Rows have no key of their own. Visitors come packed, one row for all of a day's in a
block: a row each would cost a quarter of an import, and distinct visitors are found
several times as fast in arrays. ``visitor_ids`` and ``events`` are arrays of 32-bit
numbers, the most significant byte first, as ``int4send`` writes them; the n-th of one
belongs to the n-th of the other.
"""

from typing import Final

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, SmallInteger, Table

from prilavok.repositories.tables.base import Row

ALL_CATEGORIES: Final = 0
ALL_KINDS: Final = 0
HOUR_COLUMNS: Final = tuple(map("h{0:02}".format, range(24)))

# Events of addresses on a day.
VISITOR_DAYS: Final = Table(
    "visitor_days",
    Row.metadata,
    Column("import_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("visitor_ids", LargeBinary, nullable=False),
    Column("events", LargeBinary, nullable=False),
    Index("ix__visitor_days__import_id", "import_id", postgresql_using="brin"),
    Index("ix__visitor_days__day", "day"),
)

# Views of a category's own page and of its goods' pages by addresses on a day.
CATEGORY_VISITOR_DAYS: Final = Table(
    "category_visitor_days",
    Row.metadata,
    Column("import_id", Integer, nullable=False),
    Column("category_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("visitor_ids", LargeBinary, nullable=False),
    Column("events", LargeBinary, nullable=False),
    Index("ix__category_visitor_days__import_id", "import_id", postgresql_using="brin"),
    Index("ix__category_visitor_days__category_id_day", "category_id", "day"),
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

# The countries of 512 visitors, of visitor ``512 * chunk`` first: 16-bit numbers as in
# ``visitors``, zero also where no visitor is. Triggers of ``visitors`` keep it.
CHUNK_VISITORS: Final = 512
VISITOR_COUNTRIES: Final = Table(
    "visitor_countries",
    Row.metadata,
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("countries", LargeBinary, nullable=False),
)
