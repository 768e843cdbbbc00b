"""Sessions as their owners and administrators see them. Numbers: docs/security.md."""

from tests.api.calls import ask, own_id, read
from tests.api.conftest import OpenBrowser
from tests.api.devices import are_in, current, end, ticket
from tests.api.people import (
    ADMIN_LOGIN,
    API,
    ApiClient,
    make_user,
    sign_in,
)
from tests.api.served import NOBODYS_ID


async def test_sign_in_changes_the_session_and_ends_the_old(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """4: a fixed or copied ticket is worth nothing after the next sign-in."""
    before = ticket(admin)
    await sign_in(admin, ADMIN_LOGIN)
    thief = await open_browser()
    stolen = await thief.get(f"{API}/auth/me", cookies={"prilavok_session": before})

    assert ticket(admin) != before
    assert stolen.status == 401
    assert (await read(admin, "/auth/sessions"))["total"] == 1


async def test_own_sessions_are_listed_and_ended(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """18: one's own, each with device and times; one by one, or all others."""
    others = [await open_browser(ADMIN_LOGIN) for _ in range(3)]
    listed = (await read(admin, "/auth/sessions"))["items"]
    first = await current(others[0])

    assert sorted(it["current"] for it in listed) == [False, False, False, True]
    assert {it["address"] for it in listed} == {open_browser.address}
    assert all("aiohttp" in it["user_agent"] for it in listed)
    assert await ask(admin, f"DELETE /auth/sessions/{first}") == 204
    assert await are_in(*others, admin) == [401, 200, 200, 200]
    assert await ask(admin, "DELETE /auth/sessions") == 204
    assert await are_in(*others, admin) == [401, 401, 401, 200]


async def test_nobody_ends_what_is_not_his(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """1: another's session is unknown by one address and forbidden by the other."""
    await make_user(admin, "ann")
    ann = await open_browser("ann")
    session_id, user_id = await current(admin), await own_id(admin)

    lines = (
        f"DELETE /auth/sessions/{session_id}",
        f"DELETE /sessions/{session_id}",
        f"DELETE /users/{user_id}/sessions",
        f"GET /users/{user_id}/sessions",
    )

    assert [await ask(ann, line) for line in lines] == [404, 403, 403, 403]
    assert await are_in(admin) == [200]


async def test_administrator_sees_anyones(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """18: with the holder's name, by user, page by page."""
    user = await make_user(admin, "ann")
    for _ in range(2):
        await open_browser("ann")
    path = f"/sessions?user_id={user['id']}"
    page = await read(admin, f"{path}&per_page=1&page=2")
    everybody = await read(admin, "/sessions")

    assert (page["total"], len(page["items"])) == (2, 1)
    assert page["items"][0]["user"] == {"id": user["id"], "login": "ann"}
    assert everybody["total"] >= 3


async def test_administrator_ends_anyones(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """18: one of them, or all of a user."""
    user = await make_user(admin, "ann")
    ann, again = [await open_browser("ann") for _ in range(2)]
    first = await current(ann)

    assert await end(admin, first) == 204
    assert await are_in(ann, again) == [401, 200]
    assert await ask(admin, f"DELETE /users/{user['id']}/sessions") == 204
    assert await are_in(again) == [401]


async def test_unknown_user_has_no_sessions_to_end(admin: ApiClient) -> None:
    """An id that is nobody's is told, not passed over."""
    unknown = f"/users/{NOBODYS_ID}/sessions"

    assert await ask(admin, f"DELETE {unknown}") == 404
    assert await ask(admin, f"GET {unknown}") == 404
