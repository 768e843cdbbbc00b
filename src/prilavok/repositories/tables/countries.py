"""Who tells the countries of visitors, and what was asked for in that."""

from datetime import datetime
from typing import Final, final

from sqlalchemy import Index, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from prilavok.repositories.tables.base import Row
from prilavok.repositories.tables.shop_logs import ALWAYS, ZERO

ON: Final = text("is_current")


@final
class CountrySourceRow(Row):
    """A provider's data of one edition; visitors carry the number of who told theirs.

    One at most is current. ``answers_since``: when the oldest answer that visitors have
    of it was given, for providers that are asked for each. ``failure``, ``error``,
    ``failures`` (in a row) and ``retry_at`` tell of the last attempt, when it failed.
    """

    __tablename__ = "country_sources"

    country_source_id: Mapped[int] = mapped_column(ALWAYS, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    is_current: Mapped[bool]
    adopted_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answers_since: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(server_default=ZERO)
    retry_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq__country_sources__is_current",
            "is_current",
            unique=True,
            postgresql_where=ON,
        ),
    )


@final
class CountryAnswerRow(Row):
    """An answer that cost a request; kept when its visitor is deleted."""

    __tablename__ = "country_answers"

    address: Mapped[str] = mapped_column(INET, primary_key=True)
    country: Mapped[int] = mapped_column(SmallInteger)
    answered_at: Mapped[datetime]
