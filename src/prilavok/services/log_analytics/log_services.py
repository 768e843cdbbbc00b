"""Everything that can be done with logs, but for asking questions."""

from dataclasses import dataclass
from typing import final

from prilavok.services.log_analytics.countries import CountryService
from prilavok.services.log_analytics.import_runner import ImportRunner
from prilavok.services.log_analytics.import_upkeep import ImportUpkeep
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.intake import ImportIntake
from prilavok.services.log_analytics.read_limits import ReadLimits
from prilavok.services.log_analytics.sample import SampleService


@final
@dataclass(frozen=True, slots=True)
class LogServices:
    """Bring logs in, list and delete imports, keep the sample, find countries.

    ``limits``: how much of a log is read, whoever brings it.
    """

    importer: Importer
    imports: ImportService
    sample: SampleService
    countries: CountryService
    intake: ImportIntake
    runner: ImportRunner
    upkeep: ImportUpkeep
    limits: ReadLimits
