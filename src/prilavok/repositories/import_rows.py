"""Imports as requests see them."""

from dataclasses import replace
from typing import Final, final
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.import_jobs import ListImports, ListRejected, NewImport
from prilavok.domain.imports import Import, ImportState, UnknownImport
from prilavok.domain.paging import Page
from prilavok.domain.shop_logs import Reason, RejectedLine
from prilavok.repositories.advisory_locks import hold_until_end
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.import_keys import ImportKeyRepository
from prilavok.repositories.import_records import to_import
from prilavok.repositories.listing import Listing
from prilavok.repositories.tables.import_jobs import RejectedLineRow
from prilavok.repositories.tables.shop_logs import ImportRow

IMPORTS: Final = select(
    ImportRow.id,
    ImportRow.name,
    ImportRow.state,
    ImportRow.is_sample,
    ImportRow.bytes_total,
    ImportRow.bytes_done,
    ImportRow.lines,
    ImportRow.inserted,
    ImportRow.duplicates,
    ImportRow.rejected,
    ImportRow.error,
    ImportRow.created_at,
    ImportRow.started_at,
    ImportRow.finished_at,
)
BY_ID: Final = HotRead(IMPORTS.where(ImportRow.id == bindparam("id")))
LISTING: Final = Listing(
    base=IMPORTS,
    filters={"state": ImportRow.state == bindparam("state")},
    orders={"created_at": ImportRow.created_at},
    key=ImportRow.id,
)
REJECTED: Final = HotRead(
    select(RejectedLineRow.line, RejectedLineRow.reason, RejectedLineRow.text)
    .join(ImportRow, ImportRow.import_id == RejectedLineRow.import_id)
    .where(ImportRow.id == bindparam("id"), RejectedLineRow.line > bindparam("after"))
    .order_by(RejectedLineRow.line)
    .limit(bindparam("limit")),
)
UPLOADS: Final = HotRead(
    select(ImportRow.upload).where(
        ImportRow.upload.is_not(None),
        ImportRow.finished_at.is_(None),
    ),
)
UNFINISHED: Final = HotRead(
    select(func.count().label("unfinished")).where(
        ImportRow.actor_id == bindparam("actor_id"),
        ImportRow.finished_at.is_(None),
    ),
)
ACTIVE: Final = (ImportState.QUEUED, ImportState.RUNNING)


@final
class ImportRowRepository:
    """Reads and writes the ``imports`` table, a request a transaction."""

    def __init__(self, session: AsyncSession) -> None:
        """Work inside the caller's transaction; never commit here."""
        self._session = session
        self.keys = ImportKeyRepository(session)

    async def get(self, import_id: UUID) -> Import:
        """Read one or raise ``UnknownImport``."""
        rows = await BY_ID.fetch(self._session, id=import_id)
        if not rows:
            raise UnknownImport("There is no import with this id.")
        return to_import(rows[0])

    async def get_page(self, query: ListImports) -> Page[Import]:
        """Read one page, newest first where no order is asked for."""
        ordered = replace(query, sort=query.sort or ("-created_at",))
        return await LISTING.get_page(self._session, to_import, ordered)

    async def find_rejected(
        self,
        import_id: UUID,
        query: ListRejected,
    ) -> list[RejectedLine]:
        """Read rejected lines in the order of the file."""
        rows = await REJECTED.fetch(
            self._session,
            id=import_id,
            after=query.after,
            limit=query.limit,
        )
        return [
            RejectedLine(row["line"], Reason(row["reason"]), row["text"])
            for row in rows
        ]

    async def add(self, new: NewImport, actor_id: UUID | None) -> UUID:
        """Queue a log that this user has brought."""
        statement = insert(ImportRow).values(
            name=new.name,
            state=ImportState.QUEUED,
            bytes_total=new.bytes_total,
            upload=new.place.upload,
            path=new.place.path,
            actor_id=actor_id,
        )
        added = await self._session.execute(statement.returning(ImportRow.id))
        return UUID(str(added.scalar_one()))

    async def count_unfinished(self, actor_id: UUID) -> int:
        """Count a user's imports that wait or run.

        Nobody else counts them before this transaction has ended.
        """
        await hold_until_end(self._session, f"imports-of.{actor_id}")
        rows = await UNFINISHED.fetch(self._session, actor_id=actor_id)
        return int(rows[0]["unfinished"])

    async def cancel(self, import_id: UUID) -> bool:
        """Let a queued or running import be cancelled; tell whether it was one."""
        cancelled = await self._session.execute(
            update(ImportRow)
            .where(and_(ImportRow.id == import_id, ImportRow.state.in_(ACTIVE)))
            .values(state=ImportState.CANCELLED)
            .returning(ImportRow.id),
        )
        return cancelled.first() is not None

    async def find_uploads(self) -> frozenset[str]:
        """Name the files that imports still need."""
        rows = await UPLOADS.fetch(self._session)
        return frozenset(row["upload"] for row in rows)
