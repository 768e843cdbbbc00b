"""20: pages of the shop may play, pages of others may not, nobody with a cookie."""

from dataclasses import replace
from typing import Final

import pytest
from argon2 import PasswordHasher

from prilavok.app import create_app
from prilavok.settings import Settings
from tests.api.people import API, browser, serve
from tests.api.test_cross_site import FOREIGN, shared
from tests.game.playing import PLAYS

SHOP: Final = "https://shop.example"
ANN: Final = {"email": "ann@example.com"}
PREFLIGHT: Final = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type,idempotency-key",
}


@pytest.fixture
def shop_settings(settings: Settings) -> Settings:
    """Let two origins play."""
    return replace(settings, game_origins=(SHOP, "http://localhost:3000"))


async def test_page_of_the_shop_plays(
    shop_settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
) -> None:
    """Preflight and answer let it read, refusals too, and never with credentials."""
    origin = {"Origin": SHOP}
    async with (
        serve(create_app(shop_settings, hasher)) as server,
        browser(server) as it,
    ):
        asked = await it.options(PLAYS, headers=origin | PREFLIGHT)
        played = await it.post(PLAYS, json=ANN, headers=origin)
        refused = await it.post(PLAYS, json={}, headers=origin)

    assert (asked.status, played.status, refused.status) == (204, 201, 422)
    assert asked.headers["Access-Control-Allow-Methods"] == "POST"
    assert "Idempotency-Key" in asked.headers["Access-Control-Allow-Headers"]
    for answer in (asked, played, refused):
        assert answer.headers["Access-Control-Allow-Origin"] == SHOP
        assert answer.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_other_pages_and_other_routes_are_not_shared(
    shop_settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
) -> None:
    """No header for them, whatever they ask."""
    async with (
        serve(create_app(shop_settings, hasher)) as server,
        browser(server) as it,
    ):
        for headers in FOREIGN:
            asked = await it.options(PLAYS, headers=headers | PREFLIGHT)
            played = await it.post(PLAYS, json=ANN, headers=headers)

            assert (asked.status, shared(asked), shared(played)) == (403, [], [])
        origin = {"Origin": SHOP}
        put = origin | {"Access-Control-Request-Method": "PUT"}
        assert (await it.options(PLAYS, headers=put)).status == 403
        for path in ("auth/login", "players", "users"):
            asked = await it.options(f"{API}/{path}", headers=origin | PREFLIGHT)
            assert (asked.status, shared(asked)) == (405, [])


async def test_without_origins_nothing_is_shared(
    settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
) -> None:
    """The default."""
    async with serve(create_app(settings, hasher)) as server, browser(server) as it:
        asked = await it.options(PLAYS, headers={"Origin": SHOP} | PREFLIGHT)
        played = await it.post(PLAYS, json=ANN, headers={"Origin": SHOP})

    assert (asked.status, played.status) == (405, 201)
    assert shared(asked) + shared(played) == []
