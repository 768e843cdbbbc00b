"""What reads logs, and so needs polars and pyarrow."""

from dataclasses import dataclass
from typing import final

from prilavok.services.log_analytics.import_runner import ImportRunner
from prilavok.services.log_analytics.importer import Importer


@final
@dataclass(frozen=True, slots=True)
class LogReading:
    """The same importer, run by hand or by workers."""

    importer: Importer
    runner: ImportRunner
