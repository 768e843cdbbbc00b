"""What reads the shop's logs."""

from collections.abc import Callable
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import async_sessionmaker

from prilavok.assembly.connections import Connections
from prilavok.clients.countries.provider import CountryProvider
from prilavok.clients.files import FileStore
from prilavok.clients.import_folder import ImportFolder
from prilavok.clients.log_places import LogPlaces
from prilavok.jobs.alarm import QueueAlarm
from prilavok.repositories.job_queue.queue import JobQueue
from prilavok.repositories.log_imports.store import LogStore
from prilavok.repositories.transaction import Database
from prilavok.services.log_analytics.countries import CountryService
from prilavok.services.log_analytics.import_room import ImportRoom
from prilavok.services.log_analytics.import_upkeep import ImportUpkeep
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.intake import ImportIntake
from prilavok.services.log_analytics.log_services import LogServices
from prilavok.services.log_analytics.read_limits import ReadLimits
from prilavok.services.log_analytics.report_cache import ReportCache
from prilavok.services.log_analytics.reports import ReportService
from prilavok.services.log_analytics.sample import SampleService
from prilavok.settings import Settings

if TYPE_CHECKING:
    from prilavok.services.log_analytics.log_reading import LogReading


def assemble_logs(
    settings: Settings,
    connections: Connections,
    database: Database,
) -> LogServices:
    """Build what works on logs, on an engine whose commands may take minutes."""
    store = LogStore(connections.log_engine)
    alarm = QueueAlarm(JobQueue(connections.redis))
    imports = ImportService(store, database.reading, database.transaction, alarm)
    places = LogPlaces(
        FileStore(_files_url(settings)),
        ImportFolder(settings.log_import_dir),
    )
    room = ImportRoom(places.files, settings.imports_per_user)
    limits = ReadLimits(settings.import_max_bytes)
    load_reading = cache(
        partial(_load_reading, settings, store, connections.countries, places),
    )
    return LogServices(
        imports=imports,
        sample=SampleService(imports, partial(_bring_sample, settings, load_reading)),
        countries=CountryService(database.reading, store, connections.countries),
        intake=ImportIntake(places, room, database.transaction, alarm),
        upkeep=ImportUpkeep(store, places.files, database.transaction, alarm),
        limits=limits,
        load_reading=load_reading,
    )


def assemble_reports(settings: Settings, connections: Connections) -> ReportService:
    """Build what answers questions about logs, on an engine that may be a replica's."""
    reading = Database(async_sessionmaker(connections.report_engine)).reading
    cache = ReportCache() if settings.report_cache else None
    return ReportService(reading, connections.countries.source.title, cache)


def _files_url(settings: Settings) -> str:
    folder = (settings.data_dir / "files").absolute()
    return settings.files_url or f"file://{folder}"


def _load_reading(
    settings: Settings,
    store: LogStore,
    countries: CountryProvider,
    places: LogPlaces,
) -> "LogReading":
    """Load what reads logs, with polars and pyarrow: few processes ever need it."""
    from prilavok.assembly.log_reading import assemble_log_reading

    return assemble_log_reading(settings, store, countries, places)


async def _bring_sample(
    settings: Settings,
    load_reading: Callable[[], "LogReading"],
    today: date,
) -> None:
    from prilavok.services.log_analytics.sample_log import bring_sample

    await bring_sample(load_reading().importer, settings.shop_host, today)
