"""The table of sources."""

from datetime import datetime
from typing import final
from uuid import UUID

from sqlalchemy import Double, Index, String, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from prilavok.domain.sources import NAME_MAX_LENGTH
from prilavok.repositories.tables.base import Row


@final
class SourceRow(Row):
    """A server that holds part of the list.

    Version, ``updated_at`` and history are kept by triggers; history never shows the
    credential.
    """

    __tablename__ = "sources"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    name: Mapped[str] = mapped_column(String(NAME_MAX_LENGTH))
    url: Mapped[str] = mapped_column(Text)
    timeout_s: Mapped[float] = mapped_column(Double)
    position: Mapped[int]
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    credential_header: Mapped[str | None] = mapped_column(Text)
    credential_secret: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"))

    __table_args__ = (
        Index("uq__sources__name", func.lower(text("name")), unique=True),
        Index("ix__sources__position_id", "position", "id"),
    )
