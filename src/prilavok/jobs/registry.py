"""Every job there is."""

from typing import Final

from prilavok.jobs import logs, upkeep
from prilavok.jobs.table import Jobs, by_name

JOBS: Final[Jobs] = by_name((upkeep.table, logs.table))
