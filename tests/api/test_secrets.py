"""14, 16, 36: no secret stands in an answer or in a log line."""

import logging
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Final, final

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.log_config import configure_logging
from prilavok.settings import Settings
from tests.api.people import ADMIN_LOGIN, API, NEW_USER, PASSWORD, ApiClient

TYPED: Final = "a password of nobody"
CHANGED: Final = "a password that was changed"
BATCHED: Final = "a password out of a batch"
REFUSED: Final = "pass-w0"
# What shows how the service is made inside.
INSIDES: Final = ("$argon2", "Traceback", "asyncpg", "SELECT ", "site-packages")


@final
@dataclass
class Watch:
    """What was said to anybody, and what must not have been."""

    client: ApiClient
    said: str = ""
    secrets: set[str] = field(default_factory=set)

    async def ask(self, line: str, **options: Any) -> Any:
        """Ask and note the answer; return its document, if it has one."""
        method, path = line.split()
        response = await self.client.request(method, f"{API}/{path}", **options)
        answer = await response.text()
        self.said = "\n".join((self.said, str(response.headers), answer))
        is_json = response.content_type == "application/json"
        return await response.json() if is_json else answer

    async def enter(self, path: str, password: str) -> str:
        """Sign in, which is told a secret that nobody else may hear."""
        credentials = {"login": ADMIN_LOGIN, "password": password}
        response = await self.client.post(f"{API}/{path}", json=credentials)
        for cookie in response.cookies.values():
            self.secrets.add(cookie.value.partition(".")[2])
        token = str((await response.json()).get("access_token", ""))
        if token:
            self.secrets.add(token.rpartition(".")[2])
        return token


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Log as in production, on the most talkative level."""
    root, stream = logging.getLogger(), StringIO()
    handlers, level = root.handlers.copy(), root.level
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logging("debug", "json")
    yield stream
    root.handlers = handlers
    root.setLevel(level)


async def make_mistakes(watch: Watch, token: str) -> None:
    """Type passwords where they do not belong, and show tokens that do not count."""
    for body in (
        {"login": ADMIN_LOGIN, "password": TYPED},
        {"login": TYPED, "password": ""},
        {"login": ADMIN_LOGIN, "password": {"a": TYPED}},
    ):
        await watch.ask("POST auth/login", json=body)
    for header in (f"Bearer {token}x", f"Basic {token}", token):
        await watch.ask("GET users", headers={"Authorization": header})
    await watch.ask("POST users", data=PASSWORD)
    await watch.ask("POST users", json=NEW_USER | {"login": "a", "password": REFUSED})
    await watch.ask("POST users", json=NEW_USER | {"login": ADMIN_LOGIN})


async def change_passwords(watch: Watch) -> None:
    """Make and change passwords in every way there is."""
    ann = await watch.ask("POST users", json=NEW_USER | {"login": "ann"})
    bob = NEW_USER | {"login": "bob", "password": BATCHED}
    batch = {"create": [bob], "update": [{"id": ann["id"], "password": CHANGED}]}
    await watch.ask("POST users/batch", json=batch)
    await watch.ask(f"PATCH users/{ann['id']}", json={"password": BATCHED})
    own = {"current_password": PASSWORD, "new_password": CHANGED}
    await watch.ask("POST auth/password", json=own)
    await watch.ask("POST auth/password", json=own)


async def read_everything(watch: Watch) -> None:
    """Look at all that tells of accounts."""
    for path in (
        "users",
        "history",
        "sessions",
        "auth/sessions",
        "auth/me",
        "overview",
    ):
        for accept in ("application/json", "text/csv"):
            await watch.ask(f"GET {path}", headers={"Accept": accept})


async def stored_secrets(engine: AsyncEngine, settings: Settings) -> set[str]:
    """Read what the database keeps to itself, and with what one gets into it."""
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT password_hash, stamp FROM users"))
        secrets = {str(secret) for row in found for secret in row}
    urls = (settings.database_url, settings.redis_url)
    passwords = {str(make_url(str(url)).password) for url in urls}
    return secrets | passwords | set(settings.secret_key)


def told(secrets: Iterable[str], said: str) -> set[str]:
    """Find the secrets that stand in a text."""
    return {secret for secret in secrets if secret in said}


async def test_no_secret_is_told(
    log: StringIO,
    settings: Settings,
    client: ApiClient,
    owner_engine: AsyncEngine,
) -> None:
    """Right and wrong passwords, their hashes, cookies, tokens, keys."""
    watch = Watch(client)
    token = await watch.enter("auth/token", PASSWORD)
    await watch.enter("auth/login", PASSWORD)
    await make_mistakes(watch, token)
    await change_passwords(watch)
    await read_everything(watch)
    secrets = await stored_secrets(owner_engine, settings) | watch.secrets
    secrets |= {PASSWORD, TYPED, CHANGED, BATCHED, REFUSED}
    logged = log.getvalue()

    assert len(watch.secrets) == 2
    assert '"request"' in logged
    assert told(secrets, watch.said) == told(secrets, logged) == set()
    assert told(INSIDES, watch.said) == told(INSIDES, logged) == set()
