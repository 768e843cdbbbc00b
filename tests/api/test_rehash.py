"""Hashes follow the parameters of today. Number 12 of docs/security.md."""

from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.app import create_app
from prilavok.settings import Settings
from tests.api.calls import ask, own_id, read
from tests.api.people import ADMIN_LOGIN, ApiClient, browser, serve, sign_in

STORED = text("SELECT password_hash FROM users WHERE login = 'admin'")


async def test_sign_in_renews_an_old_hash(
    admin: ApiClient,
    settings: Settings,
    owner_engine: AsyncEngine,
) -> None:
    """Stronger parameters hash again at the next sign-in; no session ends."""
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    found = []
    async with serve(create_app(settings, stronger)) as server:
        for _ in range(2):
            async with browser(server) as client:
                await sign_in(client, ADMIN_LOGIN)
            async with owner_engine.connect() as connection:
                found.append(await connection.scalar(STORED))

    assert found[0].startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert found[1] == found[0]
    assert await ask(admin, "GET /auth/me") == 200
    me = await own_id(admin)
    history = (await read(admin, f"/users/{me}/history"))["items"]
    assert [row["changed"] for row in history] == [["credentials"], []]
    assert history[0]["actor"]["id"] == me
