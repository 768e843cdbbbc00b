"""How long a refusal takes tells nothing. Number 11 of docs/security.md."""

from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Final

import pytest
from argon2 import PasswordHasher

from prilavok.settings import Settings
from tests.api.calls import ask
from tests.api.people import ADMIN_LOGIN, ApiClient

SAMPLES: Final = 25
MAX_RATIO: Final = 1.25


@pytest.fixture
def hasher() -> PasswordHasher:
    """Hash as slowly as in production."""
    return PasswordHasher()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Judge as many guesses as are measured."""
    return replace(settings, login_attempts=1000)


async def seconds_of(client: ApiClient, login: str) -> float:
    """Measure one refused sign-in."""
    started = perf_counter()
    body = {"login": login, "password": "wrong"}
    assert await ask(client, "POST /auth/login", body) == 401
    return perf_counter() - started


async def test_unknown_takes_as_long_as_wrong(
    client: ApiClient,
) -> None:
    """11: medians of 25 each, taken in turn, are within a quarter of each other."""
    known, unknown = [], []
    for _ in range(SAMPLES):
        known.append(await seconds_of(client, ADMIN_LOGIN))
        unknown.append(await seconds_of(client, "nobody"))
    ratio = median(known) / median(unknown)

    assert 1 / MAX_RATIO < ratio < MAX_RATIO
