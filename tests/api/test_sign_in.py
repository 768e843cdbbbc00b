"""Signing in and out, as a client sees it. Numbers: docs/security.md."""

from tests.api.conftest import OpenBrowser
from tests.api.people import ADMIN_LOGIN, API, PASSWORD, ApiClient


async def test_sign_in_shows_who_one_is(admin: ApiClient) -> None:
    """The cookie alone says who asks, until one signs out."""
    me = await (await admin.get(f"{API}/auth/me")).json()
    left = await admin.post(f"{API}/auth/logout")
    after = await admin.get(f"{API}/auth/me")

    assert (me["user"]["login"], me["user"]["role"]) == (ADMIN_LOGIN, "Admin")
    assert (left.status, after.status) == (204, 401)


async def test_stolen_cookie_dies_at_sign_out(
    open_browser: OpenBrowser,
    admin: ApiClient,
) -> None:
    """5: what was copied before is worth nothing after."""
    stolen = {cookie.key: cookie.value for cookie in admin.session.cookie_jar}
    thief = await open_browser()
    before = await thief.get(f"{API}/auth/me", cookies=stolen)
    await admin.post(f"{API}/auth/logout")
    after = await thief.get(f"{API}/auth/me", cookies=stolen)

    assert (before.status, after.status) == (200, 401)


async def test_token_works_like_a_cookie(client: ApiClient) -> None:
    """A program shows a bearer token; its session is listed among the others."""
    credentials = {"login": ADMIN_LOGIN, "password": PASSWORD}
    token = await (await client.post(f"{API}/auth/token", json=credentials)).json()
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    sessions = await (await client.get(f"{API}/auth/sessions", headers=bearer)).json()

    assert token["token_type"] == "Bearer"
    assert [session["kind"] for session in sessions["items"] if session["current"]] == [
        "token",
    ]
