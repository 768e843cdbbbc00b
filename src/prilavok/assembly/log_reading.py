"""What reads logs. Only ``assembly.logs`` imports this, when a log is to be read."""

from prilavok.clients.countries.provider import CountryProvider
from prilavok.clients.log_places import LogPlaces
from prilavok.repositories.log_imports.store import LogStore
from prilavok.services.log_analytics.import_runner import ImportRunner
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.log_reading import LogReading
from prilavok.services.log_analytics.parser import LogParser
from prilavok.services.log_analytics.read_limits import ReadLimits
from prilavok.settings import Settings


def assemble_log_reading(
    settings: Settings,
    store: LogStore,
    countries: CountryProvider,
    places: LogPlaces,
) -> LogReading:
    """Build the importer, and what lets workers use it."""
    importer = Importer(store, LogParser(settings.shop_host), countries)
    limits = ReadLimits(settings.import_max_bytes)
    return LogReading(importer, ImportRunner(importer, places, limits))
