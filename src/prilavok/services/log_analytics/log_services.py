"""Everything that can be done with logs, but for asking questions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from prilavok.services.log_analytics.countries import CountryService
from prilavok.services.log_analytics.import_upkeep import ImportUpkeep
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.intake import ImportIntake
from prilavok.services.log_analytics.read_limits import ReadLimits
from prilavok.services.log_analytics.sample import SampleService

if TYPE_CHECKING:
    from prilavok.services.log_analytics.import_runner import ImportRunner
    from prilavok.services.log_analytics.importer import Importer
    from prilavok.services.log_analytics.log_reading import LogReading


@final
@dataclass(frozen=True, slots=True)
class LogServices:
    """Bring logs in, list and delete imports, keep the sample, find countries.

    ``limits``: how much of a log is read, whoever brings it. ``load_reading`` loads
    what reads logs, the first time, and gives the same ever after: polars takes more
    memory than all the rest.
    """

    imports: ImportService
    sample: SampleService
    countries: CountryService
    intake: ImportIntake
    upkeep: ImportUpkeep
    limits: ReadLimits
    load_reading: Callable[[], "LogReading"]

    @property
    def importer(self) -> "Importer":
        """Bring a log in here and now."""
        return self.load_reading().importer

    @property
    def runner(self) -> "ImportRunner":
        """Work off imports that were asked for."""
        return self.load_reading().runner
