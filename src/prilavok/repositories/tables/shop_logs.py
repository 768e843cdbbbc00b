"""Tables of shop logs: imports, what they brought, and its dimensions.

Nothing here has a foreign key: a check for every line would cost more than the whole
import. The importer is the only writer, a block of lines a transaction, under one
advisory lock. Log times are the shop's own, so they have no zone.
"""

from datetime import datetime
from typing import Final, final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    Identity,
    Index,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from prilavok.repositories.tables.base import Row

ZERO: Final = text("0")
# No primary key grows by hand: ids are given by the database.
ALWAYS: Final = Identity(always=True)


@final
class ImportRow(Row):
    """One log that was brought in.

    ``import_id`` is the number that its lines carry; people see ``id``.
    """

    __tablename__ = "imports"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    import_id: Mapped[int] = mapped_column(ALWAYS, unique=True)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    bytes_total: Mapped[int | None] = mapped_column(BigInteger)
    bytes_done: Mapped[int] = mapped_column(BigInteger, server_default=ZERO)
    lines: Mapped[int] = mapped_column(BigInteger, server_default=ZERO)
    inserted: Mapped[int] = mapped_column(BigInteger, server_default=ZERO)
    duplicates: Mapped[int] = mapped_column(BigInteger, server_default=ZERO)
    rejected: Mapped[int] = mapped_column(BigInteger, server_default=ZERO)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    # Whose account it came by, which may be gone since; nobody where by a command.
    actor_id: Mapped[UUID | None]
    # Where workers find the log: a key of the file store, or a path inside
    # LOG_IMPORT_DIR. Whoever runs an import by hand has it, and both are null.
    upload: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str | None] = mapped_column(Text)
    # Lines before this one have been committed, blank ones included.
    next_line: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
    # When whoever works on it last said so.
    beat_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix__imports__unfinished",
            "actor_id",
            postgresql_where=text("finished_at IS NULL"),
        ),
    )


@final
class LogStateRow(Row):
    """One row for all logs: ``generation`` is another whenever their data is.

    Random and not a number that grows: imports do not wait for the disk, and a number
    that a crash took back would come again, for other data.
    """

    __tablename__ = "log_state"

    generation: Mapped[UUID] = mapped_column(primary_key=True)


@final
class VisitorRow(Row):
    """An address that has at least one event.

    ``country``: the two letters of ISO 3166 as the number ``256 * first + second``
    of their ASCII codes, so that it fits a summary row; 0 where it is unknown.
    ``country_source_id``: who told it; 0: nobody yet.
    """

    __tablename__ = "visitors"

    visitor_id: Mapped[int] = mapped_column(ALWAYS, primary_key=True)
    address: Mapped[str] = mapped_column(INET, unique=True)
    country: Mapped[int] = mapped_column(SmallInteger)
    country_source_id: Mapped[int] = mapped_column(server_default=ZERO)

    __table_args__ = (Index("ix__visitors__country_source_id", "country_source_id"),)


@final
class CategoryRow(Row):
    """A category of goods. A name may be longer than a B-tree can hold."""

    __tablename__ = "categories"

    category_id: Mapped[int] = mapped_column(ALWAYS, primary_key=True)
    name: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        ExcludeConstraint(("name", "="), using="hash", name="ex__categories__name"),
    )


@final
class PageRow(Row):
    """What was asked for: ``path`` of a category or goods page, else the kind's name.

    ``category_id`` stands on category and goods pages, ``goods`` on the latter.
    """

    __tablename__ = "pages"

    page_id: Mapped[int] = mapped_column(ALWAYS, primary_key=True)
    kind: Mapped[int] = mapped_column(SmallInteger)
    path: Mapped[str] = mapped_column(Text)
    category_id: Mapped[int | None]
    goods: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        ExcludeConstraint(("path", "="), using="hash", name="ex__pages__path"),
    )


@final
class LooseEventRow(Row):
    """A valid line that is in no pack; ``key`` is its key as a number of base 36."""

    __tablename__ = "loose_events"

    at: Mapped[datetime] = mapped_column(DateTime(), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    visitor_id: Mapped[int]
    import_id: Mapped[int]
    page_id: Mapped[int]

    __table_args__ = (
        Index("ix__loose_events__import_id", "import_id", postgresql_using="brin"),
    )


@final
class PackedEventsRow(Row):
    """Valid lines of one import, in the order of their times: columns as arrays.

    ``moments`` are the seconds after ``first_at``, times 2^42, and the key; ``visits``
    the number of the visitor, times 2^32, and that of the page. Few numbers, because
    PostgreSQL takes its time for each. The view ``events`` has them and the loose ones.
    Nothing here keeps a line from coming twice: importers compare what they bring, one
    at a time.
    """

    __tablename__ = "packed_events"

    pack_id: Mapped[int] = mapped_column(ALWAYS, primary_key=True)
    import_id: Mapped[int]
    size: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(DateTime())
    last_at: Mapped[datetime] = mapped_column(DateTime())
    moments: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    visits: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))

    __table_args__ = (
        Index("ix__packed_events__last_at_first_at", "last_at", "first_at"),
        Index("ix__packed_events__import_id", "import_id", postgresql_using="brin"),
    )


@final
class CartEventRow(Row):
    """An event about a cart, with the ids it carries.

    On cart lines ``previous_import_id`` is the import of the event that the same
    address had just before, and ``page_id`` its page if that is one of goods: the vote.
    ``is_due`` marks lines for which both have to be looked up again.
    """

    __tablename__ = "cart_events"

    visitor_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    cart_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    goods_id: Mapped[int | None] = mapped_column(BigInteger)
    import_id: Mapped[int]
    amount: Mapped[int | None]
    page_id: Mapped[int | None]
    previous_import_id: Mapped[int | None]
    kind: Mapped[int] = mapped_column(SmallInteger)
    is_due: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        Index("ix__cart_events__cart_id", "cart_id"),
        Index(
            "ix__cart_events__goods_id",
            "goods_id",
            postgresql_where=text("goods_id IS NOT NULL"),
        ),
        Index("ix__cart_events__import_id", "import_id", postgresql_using="brin"),
        Index("ix__cart_events__is_due", "at", postgresql_where=text("is_due")),
    )
