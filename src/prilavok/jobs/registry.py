"""Every job there is."""

from typing import Final

from prilavok.jobs import countries, game, logs, upkeep
from prilavok.jobs.table import Jobs, by_name

JOBS: Final[Jobs] = by_name((countries.table, game.table, logs.table, upkeep.table))
