"""The whole service with a provider on this machine that misbehaves when told to."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from prilavok.assembly.services import open_services
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.services.container import Services
from prilavok.settings import Settings
from tests.api import conftest as api
from tests.esp.server import EspServer

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
patient_stores = api.patient_stores

UNLIMITED = 1_000_000


@pytest.fixture
async def esp() -> AsyncIterator[EspServer]:
    """Run a provider that creates and finds in one call."""
    async with EspServer("listmonk").listening() as listening:
        yield listening


@pytest.fixture
def settings(direct_settings: Settings, esp: EspServer, no_pause: None) -> Settings:
    """Settings that lead to the provider and limit nobody."""
    return game_settings(direct_settings, esp)


@pytest.fixture
async def services(
    settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
    valkey: ValkeyUrls,
) -> AsyncIterator[Services]:
    """Open the services as a worker does, with his rights, beside the server's."""
    worker = replace(settings, redis_url=valkey.worker)
    async with open_services(worker, hasher) as opened:
        yield opened


def game_settings(settings: Settings, esp: EspServer) -> Settings:
    """Lead to the provider, and limit nobody."""
    return replace(
        settings,
        esp_provider=esp.provider,
        esp_url=esp.url,
        esp_user=esp.kind.user,
        esp_token=esp.kind.token,
        esp_list=esp.kind.contact_list,
        esp_timeout_seconds=1,
        esp_calls_per_minute=UNLIMITED,
        plays_per_minute=UNLIMITED,
        plays_per_minute_per_mail=UNLIMITED,
    )
