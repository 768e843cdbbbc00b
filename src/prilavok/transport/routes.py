"""Every route there is, in the order of the documentation."""

from itertools import chain
from typing import Final

from prilavok.transport.handlers import (
    auth,
    health,
    history,
    imports,
    players,
    plays,
    reports,
    roles,
    sessions,
    sources,
    users,
)
from prilavok.transport.routing import Route

TABLES: Final = (
    auth.table,
    users.table,
    roles.table,
    sessions.table,
    history.table,
    imports.table,
    reports.table,
    plays.table,
    players.table,
    sources.table,
    health.table,
    health.service_table,
)
ROUTES: Final[tuple[Route, ...]] = tuple(
    chain.from_iterable(table.routes for table in TABLES),
)
