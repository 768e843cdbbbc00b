"""The tables of the promo game."""

from datetime import datetime
from typing import final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from prilavok.domain.email_addresses import EMAIL_MAX_LENGTH
from prilavok.domain.esp import EspState
from prilavok.domain.plays import KEY_MAX_LENGTH
from prilavok.repositories.tables.base import Row


@final
class PlayerRow(Row):
    """One row an email; ``esp_state = 'pending'`` is the outbox of the provider.

    A pending row is due from ``esp_due_at`` on, unless somebody delivers it: he holds
    it until ``esp_leased_until``. Plays set version and ``updated_at`` themselves,
    for everybody else triggers do. History has what people change, not what plays and
    deliveries do, and never the email.
    """

    __tablename__ = "players"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    email: Mapped[str] = mapped_column(String(EMAIL_MAX_LENGTH))
    email_given: Mapped[str] = mapped_column(String(EMAIL_MAX_LENGTH))
    plays: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    esp_state: Mapped[str] = mapped_column(Text, server_default=EspState.PENDING)
    esp_error: Mapped[str | None] = mapped_column(Text)
    esp_attempts: Mapped[int] = mapped_column(server_default=text("0"))
    esp_due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    esp_leased_until: Mapped[datetime | None]
    first_played_at: Mapped[datetime | None]
    last_played_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"))

    __table_args__ = (
        CheckConstraint("plays >= 0", name="plays"),
        Index("uq__players__email", "email", unique=True),
        Index(
            "ix__players__esp_due_at",
            "esp_due_at",
            postgresql_where=text("esp_state = 'pending'"),
        ),
        # Room on each page, so that a play need not touch any index.
        {"postgresql_with": {"fillfactor": "80"}},
    )


@final
class PlayKeyRow(Row):
    """An Idempotency-Key of a mail, and what its play was told.

    Without ``esp_state`` it was told nothing yet.
    """

    __tablename__ = "play_keys"

    key: Mapped[str] = mapped_column(String(KEY_MAX_LENGTH), primary_key=True)
    email_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary)
    player_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("players.id", ondelete="CASCADE"),
        index=True,
    )
    plays: Mapped[int | None] = mapped_column(BigInteger)
    is_first: Mapped[bool | None]
    esp_state: Mapped[str | None] = mapped_column(Text)
    in_esp: Mapped[bool | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


@final
class ErasedPlayersRow(Row):
    """One row: how many players were erased, and how often they had played."""

    __tablename__ = "erased_players"

    id: Mapped[int] = mapped_column(
        SmallInteger,
        primary_key=True,
        autoincrement=False,
        server_default=text("1"),
    )
    players: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    plays: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
