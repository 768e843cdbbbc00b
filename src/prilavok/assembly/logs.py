"""What reads the shop's logs."""

from prilavok.assembly.connections import Connections
from prilavok.clients.countries.offline import OfflineCountries
from prilavok.clients.files import FileStore
from prilavok.clients.import_folder import ImportFolder
from prilavok.clients.log_places import LogPlaces
from prilavok.repositories.log_imports.store import LogStore
from prilavok.repositories.transaction import Database
from prilavok.services.alarm import Alarm
from prilavok.services.log_analytics.import_runner import ImportRunner
from prilavok.services.log_analytics.import_upkeep import ImportUpkeep
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.intake import ImportIntake
from prilavok.services.log_analytics.log_services import LogServices
from prilavok.services.log_analytics.parser import LogParser
from prilavok.services.log_analytics.reports import ReportService
from prilavok.services.log_analytics.sample import SampleService
from prilavok.settings import Settings


def assemble_logs(
    settings: Settings,
    connections: Connections,
    database: Database,
    alarm: Alarm,
) -> LogServices:
    """Build what works on logs, on an engine whose commands may take minutes."""
    store = LogStore(connections.log_engine)
    importer = Importer(store, LogParser(settings.shop_host), OfflineCountries())
    imports = ImportService(store, database.reading, database.transaction, alarm)
    places = LogPlaces(
        FileStore(_files_url(settings)),
        ImportFolder(settings.log_import_dir),
    )
    return LogServices(
        importer=importer,
        imports=imports,
        sample=SampleService(importer, imports, settings.shop_host),
        intake=ImportIntake(places, database.transaction, alarm),
        runner=ImportRunner(importer, places),
        upkeep=ImportUpkeep(store, places.files, database.transaction, alarm),
    )


def assemble_reports(database: Database) -> ReportService:
    """Build what answers questions about logs."""
    return ReportService(database.reading, OfflineCountries().source)


def _files_url(settings: Settings) -> str:
    folder = (settings.data_dir / "files").absolute()
    return settings.files_url or f"file://{folder}"
