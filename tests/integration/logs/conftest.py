"""An importer on tables that are empty."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.clients.countries.offline import OfflineCountries
from prilavok.embedded.postgres import PostgresUrls
from prilavok.repositories.engine import (
    IMPORT_COMMAND_SECONDS,
    IMPORT_POOL_SIZE,
    create_engine,
)
from prilavok.repositories.log_imports.store import LogStore
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from tests.logs.importing import import_service
from tests.logs.parsed_log import PARSER
from tests.logs.stored import empty_tables

COUNTRIES: Final = OfflineCountries()


@pytest.fixture
async def engine(postgres: PostgresUrls) -> AsyncIterator[AsyncEngine]:
    """Connect as imports do: commands may take longer than in a request."""
    pool = create_engine(postgres.app, IMPORT_POOL_SIZE, IMPORT_COMMAND_SECONDS)
    yield pool
    await pool.dispose()


@pytest.fixture
async def store(
    engine: AsyncEngine,
    owner_engine: AsyncEngine,
) -> AsyncIterator[LogStore]:
    """Start with empty tables, and leave them empty."""
    await empty_tables(owner_engine)
    yield LogStore(engine)
    await empty_tables(owner_engine)


@pytest.fixture
def importer(store: LogStore) -> Importer:
    """Import as the service does."""
    return Importer(store, PARSER, COUNTRIES)


@pytest.fixture
def imports(store: LogStore) -> ImportService:
    """List and delete imports as the service does."""
    return import_service(store)
