"""Every table at once: what alembic compares the database with.

A new module of tables gets its line here, or its tables are unknown to migrations.
"""

from typing import Final

from prilavok.repositories.tables import (
    accounts,
    base,
    carts,
    countries,
    import_jobs,
    log_summaries,
    players,
    shop_logs,
    sources,
)

MODULES: Final = (
    accounts,
    shop_logs,
    log_summaries,
    carts,
    countries,
    import_jobs,
    players,
    sources,
)
METADATA: Final = base.Row.metadata
