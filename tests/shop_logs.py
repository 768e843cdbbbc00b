"""Bringing made-up logs into a real database, and taking them out."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from ipaddress import ip_address
from typing import Final, final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.clients.countries.provider import CountryProvider
from prilavok.domain.countries import CountrySource, Located
from prilavok.domain.imports import ImportCounts, ImportState
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.engine import create_engine
from prilavok.repositories.log_imports.store import LogStore
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.parsed import Rejections
from prilavok.services.log_analytics.parser import LogParser
from tests.logs.importing import import_service
from tests.oracle.events import Address

SHOP_HOST: Final = "all_to_the_bottom.com"
COMMAND_SECONDS: Final = 60
EMPTY: Final = text(
    "TRUNCATE imports, rejected_lines, packed_events, loose_events, visitors, "
    "visitor_countries, pages, categories, cart_events, visitor_days, "
    "category_visitor_days, day_hours, carts, category_sets, goods, goods_votes, "
    "orphan_carts, country_sources, country_answers",
)
RENEW: Final = text("UPDATE log_state SET generation = gen_random_uuid()")


@final
@dataclass(frozen=True, slots=True)
class KnownCountries:
    """Countries of a few addresses; all others are unknown."""

    countries: Mapping[Address, str]
    source: CountrySource = CountrySource("made up", "made up")
    is_remote: bool = False
    batch_size: int = 3

    async def locate(self, addresses: Sequence[str]) -> Located:
        """Look the addresses up."""
        return Located(
            self.source,
            {one: self.countries.get(ip_address(one)) for one in addresses},
        )


@final
class Unwatched:
    """Follows an import without interest."""

    def see_progress(self, counts: ImportCounts) -> None:
        """Look away."""

    def see_rejected(self, rejected: Rejections) -> None:
        """Look away."""


@final
@dataclass(frozen=True, slots=True)
class LogDesk:
    """Where logs come in and go out."""

    engine: AsyncEngine
    countries: CountryProvider

    async def empty(self) -> None:
        """Forget every log."""
        async with self.engine.begin() as connection:
            await connection.execute(EMPTY)
            await connection.execute(RENEW)

    async def bring_in(self, log: bytes) -> UUID:
        """Import a log."""
        importer = Importer(
            LogStore(self.engine),
            LogParser(SHOP_HOST),
            self.countries,
        )
        source = LogFile("log", BytesIO(log), len(log))
        done = await importer.run(source, Unwatched())
        assert done.state is ImportState.SUCCEEDED
        return done.id

    async def take_out(self, import_id: UUID) -> None:
        """Delete an import."""
        await import_service(LogStore(self.engine)).delete(import_id)


@asynccontextmanager
async def open_desk(
    postgres: PostgresUrls,
    countries: CountryProvider,
) -> AsyncIterator[LogDesk]:
    """Open a desk with the rights to empty it; it is empty before and after."""
    engine = create_engine(postgres.owner, command_seconds=COMMAND_SECONDS)
    desk = LogDesk(engine, countries)
    await desk.empty()
    yield desk
    await desk.empty()
    await engine.dispose()
