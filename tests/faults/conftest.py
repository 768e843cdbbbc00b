"""The whole service on real stores, with a line to each that can be broken."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from prilavok.embedded.postgres import PostgresUrls
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.settings import Settings
from tests.api import conftest as api
from tests.esp.server import EspServer
from tests.fault_proxy import FaultProxy
from tests.faults.lines import target_of, through
from tests.game import conftest as game

direct_settings = api.settings
hasher = api.hasher
empty_tables = api.empty_tables
server = api.server
open_browser = api.open_browser
client = api.client
admin = api.admin
no_pause = api.no_pause
patient_postgres = api.patient_postgres
patient_redis = api.patient_redis
esp = game.esp


@pytest.fixture
async def postgres_line(postgres: PostgresUrls) -> AsyncIterator[FaultProxy]:
    """Stand between the service and PostgreSQL."""
    async with FaultProxy(target_of(postgres.app)) as line:
        yield line


@pytest.fixture
async def redis_line(valkey: ValkeyUrls) -> AsyncIterator[FaultProxy]:
    """Stand between the service and Redis."""
    async with FaultProxy(target_of(valkey.service)) as line:
        yield line


@pytest.fixture
def settings(
    direct_settings: Settings,
    postgres_line: FaultProxy,
    redis_line: FaultProxy,
) -> Settings:
    """Settings that lead through both lines."""
    return replace(
        direct_settings,
        database_url=through(postgres_line, direct_settings.database_url),
        redis_url=through(redis_line, direct_settings.redis_url),
    )


@pytest.fixture
def players_settings(
    direct_settings: Settings,
    esp: EspServer,
    no_pause: None,
) -> Settings:
    """Lead to the provider, and limit nobody."""
    return game.game_settings(direct_settings, esp)
