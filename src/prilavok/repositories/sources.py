"""Stored sources."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.errors import NotFound
from prilavok.domain.paging import Page
from prilavok.domain.source_items import Credential, SourceTarget
from prilavok.domain.sources import ListSources, Source
from prilavok.repositories.database_errors import database_errors
from prilavok.repositories.filters import contains
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.listing import Listing
from prilavok.repositories.tables.sources import SourceRow

SOURCES: Final = select(
    SourceRow.id,
    SourceRow.name,
    SourceRow.url,
    SourceRow.timeout_s,
    SourceRow.position,
    SourceRow.enabled,
    SourceRow.credential_header.is_not(None).label("has_credential"),
    SourceRow.version,
)
BY_ID: Final = HotRead(SOURCES.where(SourceRow.id == bindparam("id")))
TARGETS: Final = select(
    SourceRow.id,
    SourceRow.name,
    SourceRow.url,
    SourceRow.timeout_s,
    SourceRow.enabled,
    SourceRow.version,
    SourceRow.credential_header,
    SourceRow.credential_secret,
)
ALL_TARGETS: Final = HotRead(TARGETS.order_by(SourceRow.position, SourceRow.id))
ONE_TARGET: Final = HotRead(TARGETS.where(SourceRow.id == bindparam("id")))
LISTING: Final = Listing(
    base=SOURCES,
    filters={
        "search": contains("search", SourceRow.name, SourceRow.url),
        "enabled": SourceRow.enabled == bindparam("enabled"),
    },
    orders={
        "position": SourceRow.position,
        "name": func.lower(SourceRow.name),
        "url": SourceRow.url,
        "enabled": SourceRow.enabled,
    },
    key=SourceRow.id,
)
# Whoever adds sources counts them first, and no two may do so at once.
LOCK: Final = select(
    func.pg_advisory_xact_lock(
        func.hashtextextended("prilavok.sources", literal_column("0")),
    ),
)
NEXT_POSITION: Final = select(func.coalesce(func.max(SourceRow.position), 0) + 1)


@final
class SourceRepository:
    """Reads and writes the ``sources`` table."""

    def __init__(self, session: AsyncSession) -> None:
        """Work inside the caller's transaction; never commit here."""
        self._session = session

    async def get(self, source_id: UUID) -> Source:
        """Read one source."""
        return Source(**_only(await BY_ID.fetch(self._session, id=source_id)))

    async def get_page(self, query: ListSources) -> Page[Source]:
        """Read one page, in the order in which sources count where none is asked."""
        ordered = replace(query, sort=query.sort or ("position",))
        return await LISTING.get_page(self._session, _to_source, ordered)

    async def get_target(self, source_id: UUID) -> SourceTarget:
        """Read what asking one source needs, its secret included."""
        return _to_target(_only(await ONE_TARGET.fetch(self._session, id=source_id)))

    async def get_targets(self) -> tuple[SourceTarget, ...]:
        """Read what asking all sources needs, those that count first in front."""
        return tuple(map(_to_target, await ALL_TARGETS.fetch(self._session)))

    async def lock(self, source_id: UUID) -> Source:
        """Read one source that nobody may change before this transaction ends."""
        await self._session.execute(
            select(SourceRow.id).where(SourceRow.id == source_id).with_for_update(),
        )
        return await self.get(source_id)

    async def count_alone(self) -> int:
        """Count the sources; nobody else adds one before this transaction ends."""
        await self._session.execute(LOCK)
        counted = await self._session.scalar(select(func.count(SourceRow.id)))
        return counted or 0

    async def add(self, columns: Mapping[str, Any]) -> UUID:
        """Store a source, by default as the last; a name in use is ``SourceTaken``."""
        numbered = {"position": NEXT_POSITION.scalar_subquery(), **columns}
        statement = insert(SourceRow).values(**numbered).returning(SourceRow.id)
        with database_errors():
            return (await self._session.execute(statement)).scalar_one()

    async def edit(self, source_id: UUID, columns: Mapping[str, Any]) -> None:
        """Change columns of one source; equal values leave no trace."""
        with database_errors():
            await self._session.execute(
                update(SourceRow).where(SourceRow.id == source_id).values(**columns),
            )

    async def readdress(self, old: str, new: str) -> None:
        """Change the address of whatever has the old one."""
        await self._session.execute(
            update(SourceRow).where(SourceRow.url == old).values(url=new),
        )

    async def remove(self, source_id: UUID) -> None:
        """Delete one source; its history stays."""
        await self._session.execute(delete(SourceRow).where(SourceRow.id == source_id))


def _only(rows: list[Any]) -> Any:
    if not rows:
        raise NotFound("There is no such source.")
    return rows[0]


def _to_source(row: Any) -> Source:
    fields = dict(row)
    fields.pop("total", None)
    return Source(**fields)


def _to_target(row: Any) -> SourceTarget:
    fields = dict(row)
    name, secret = fields.pop("credential_header"), fields.pop("credential_secret")
    credential = None if name is None else Credential(name, secret)
    return SourceTarget(**fields, credential=credential)
