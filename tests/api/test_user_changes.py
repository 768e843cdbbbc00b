"""Changing and deleting accounts. Numbers: docs/security.md."""

from typing import Any

from tests.api.calls import ask, pointers, read, refusal
from tests.api.people import API, PASSWORD, ApiClient, make_user, sign_in


async def test_null_empties_what_may_be_empty(admin: ApiClient) -> None:
    """PATCH changes what is given: null where there may be none, 422 elsewhere."""
    user = await make_user(
        admin,
        "ann",
        email="ann@example.com",
        birth_date="1990-02-28",
    )
    line = f"PATCH /users/{user['id']}"
    body: dict[str, Any] = {"email": None, "birth_date": None}
    assert await ask(admin, line, body) == 200
    emptied = await read(admin, f"/users/{user['id']}")
    rest = {"first_name", "last_name", "language", "role", "is_active", "password"}
    problem = await refusal(admin, line, dict.fromkeys(rest))

    assert emptied == user | body | {
        "version": 2,
        "updated_at": emptied["updated_at"],
    }
    assert sorted(pointers(problem)) == sorted(f"/{name}" for name in rest)


async def test_two_accounts_may_have_no_mail(admin: ApiClient) -> None:
    """Mail is unique where there is one."""
    for login in ("ann", "bob"):
        assert (await make_user(admin, login, email=None))["email"] is None


async def test_equal_values_change_nothing(admin: ApiClient) -> None:
    """An empty or equal PATCH keeps version and time, and leaves no history."""
    user = await make_user(admin, "ann")
    line = f"PATCH /users/{user['id']}"
    same = {name: user[name] for name in ("first_name", "role", "is_active", "email")}

    assert await ask(admin, line, {}) == 200
    assert await ask(admin, line, same) == 200
    assert await read(admin, f"/users/{user['id']}") == user
    assert len((await read(admin, f"/users/{user['id']}/history"))["items"]) == 1


async def test_new_password_by_an_administrator(
    admin: ApiClient,
    client: ApiClient,
) -> None:
    """The old one is worth nothing; history tells of credentials and no more."""
    user = await make_user(admin, "ann")
    body = {"password": "another horse battery"}
    assert await ask(admin, f"PATCH /users/{user['id']}", body) == 200
    old = {"login": "ann", "password": PASSWORD}
    history = await read(admin, f"/users/{user['id']}/history")

    assert await ask(client, "POST /auth/login", old) == 401
    await sign_in(client, "ann", body["password"])
    assert [row["changed"] for row in history["items"]] == [["credentials"], []]
    assert "password" not in str(history)


async def test_deleted_account_leaves_its_history(admin: ApiClient) -> None:
    """Gone from everywhere but history, which tells who did what."""
    user = await make_user(admin, "ann")
    path = f"/users/{user['id']}"

    assert await ask(admin, f"DELETE {path}") == 204
    assert await ask(admin, f"DELETE {path}") == 404
    assert await ask(admin, f"GET {path}") == 404
    history = await read(admin, f"{path}/history")
    assert [row["operation"] for row in history["items"]] == ["delete", "insert"]
    last = history["items"][-1]["id"]
    assert await ask(admin, f"GET {path}/history?limit=1") == 200
    assert (await read(admin, f"/history/{last}"))["new"]["login"] == "ann"


async def test_stale_edit_is_refused(admin: ApiClient) -> None:
    """44: If-Match of another version is 412 with the current one; a weak tag fits."""
    user = await make_user(admin, "ann")
    line = f"/users/{user['id']}"
    await ask(admin, f"PATCH {line}", {"language": "de"})
    body = {"language": "fr"}
    for stale in ('"1"', 'W/"1"', '"1", "7"', "garbage", ""):
        for method in ("PATCH", "DELETE"):
            headers = {"If-Match": stale}
            problem = await refusal(admin, f"{method} {line}", body, headers)
            assert (problem["code"], problem["current"]) == ("stale", 2)


async def test_fitting_edit_is_done(admin: ApiClient) -> None:
    """44: one of the versions named, strong or weak, or any."""
    user = await make_user(admin, "ann")
    for version, fitting in enumerate(('"1"', 'W/"2"', '"9", "3"', "*"), start=1):
        answer = await admin.patch(
            f"{API}/users/{user['id']}",
            json={"first_name": f"Ann {version}"},
            headers={"If-Match": fitting},
        )
        assert answer.status == 200
        assert answer.headers["ETag"].startswith(f'"{version + 1}.')
