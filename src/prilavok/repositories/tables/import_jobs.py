"""What imports keep beside their lines."""

from datetime import datetime
from typing import final
from uuid import UUID

from sqlalchemy import BigInteger, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from prilavok.repositories.tables.base import Row


@final
class RejectedLineRow(Row):
    """A line that is no event; ``text`` is its beginning, safe to show."""

    __tablename__ = "rejected_lines"

    import_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(
        BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    reason: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


@final
class ImportKeyRow(Row):
    """An ``Idempotency-Key`` and the first answer that it got."""

    __tablename__ = "import_keys"

    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    import_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    bytes_total: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
