"""Where logs come in with one provider of countries, and others take its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from prilavok.clients.countries.provider import CountryProvider
from prilavok.domain.countries import CountryStatus
from prilavok.domain.reports.questions import Days, ReportName
from prilavok.repositories.log_imports.store import LogStore
from prilavok.repositories.transaction import Database, Reading
from prilavok.services.log_analytics.countries import CountryService
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.reports import ReportService
from tests.logs.importing import bring_one, import_service
from tests.logs.parsed_log import PARSER
from tests.logs.stored_sql import WRONG_COUNTRIES
from tests.oracle.events import Address
from tests.oracle.question import read_logs
from tests.report_checks import check

# Visitors whose packed country is another.
DISAGREEMENTS: Final = text(WRONG_COUNTRIES)
SMALL_BLOCK: Final = 20_000


@final
@dataclass(frozen=True, slots=True)
class CountryDesk:
    """Imports, reports and countries on one database."""

    engine: AsyncEngine

    @property
    def store(self) -> LogStore:
        """Import on this engine."""
        return LogStore(self.engine)

    @property
    def reading(self) -> Reading:
        """Read on the same."""
        return Database(async_sessionmaker(self.engine)).reading

    def service(self, provider: CountryProvider) -> CountryService:
        """Find countries with this provider."""
        return CountryService(self.reading, self.store, provider)

    async def bring_in(self, provider: CountryProvider, log: bytes) -> UUID:
        """Import a log, a few lines a block."""
        importer = Importer(self.store, PARSER, provider, block_bytes=SMALL_BLOCK)
        return (await bring_one(importer, log)).id

    async def take_out(self, import_id: UUID) -> None:
        """Delete an import."""
        await import_service(self.store).delete(import_id)

    async def status(self, provider: CountryProvider) -> CountryStatus:
        """Tell how far countries are known."""
        return await self.service(provider).get_status()

    async def source(self) -> str:
        """Tell what reports say about it."""
        service = ReportService(self.reading, "nobody")
        report = await service.get_report(ReportName.PEAK_HOUR, Days())
        return report.meta.country_source

    async def check(self, countries: Mapping[Address, str], *logs: bytes) -> None:
        """Ask all reports; they must know these countries, and no others."""
        service = ReportService(self.reading, "nobody")
        await check(service, read_logs(logs, (), countries))
        await self.agrees()

    async def check_days(
        self,
        countries: Mapping[Address, str],
        log: bytes,
        first_day: str,
    ) -> None:
        """Ask about the days from this one on."""
        service = ReportService(self.reading, "nobody")
        query = {"from": first_day}
        await check(service, read_logs([log], (), countries), query)

    async def agrees(self) -> None:
        """Look whether the packed countries are those of the visitors."""
        async with self.engine.connect() as connection:
            assert await connection.scalar(DISAGREEMENTS) is None
