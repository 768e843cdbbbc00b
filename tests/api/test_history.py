"""History by HTTP. Numbers: docs/security.md."""

import csv
from io import StringIO
from typing import Any

import pytest

from tests.api.calls import ask, own_id, pointers, read, refusal
from tests.api.conftest import OpenBrowser
from tests.api.people import API, ApiClient, make_role, make_user


@pytest.fixture
async def ann(admin: ApiClient) -> dict[str, Any]:
    """Have an account with a past: made, changed, changed again."""
    user = await make_user(admin, "ann")
    for changes in ({"first_name": "Anna"}, {"is_active": False, "email": "a@b.cd"}):
        assert await ask(admin, f"PATCH /users/{user['id']}", changes) == 200
    return user


async def test_change_tells_all(admin: ApiClient, ann: dict[str, Any]) -> None:
    """30: who, in which request, what, from what, to what."""
    change = (await read(admin, "/history?limit=1"))["items"][0]

    assert change["table"] == "users"
    assert (change["row_id"], change["operation"]) == (ann["id"], "update")
    assert change["changed"] == ["email", "is_active"]
    assert (change["old"]["is_active"], change["new"]["is_active"]) == (True, False)
    assert change["actor"] == {"id": await own_id(admin), "login": "admin"}
    assert len(change["request_id"]) == 32
    assert change["at"].endswith("Z")
    assert await read(admin, f"/history/{change['id']}") == change


async def test_start_of_the_service_is_nobodys_doing(admin: ApiClient) -> None:
    """The first administrator was made by no account."""
    first = (await read(admin, "/history?table=users"))["items"][-1]

    assert (first["actor"], first["request_id"]) == (None, "start")


@pytest.mark.parametrize(
    ("query", "operations"),
    [
        ("table=users&row_id={id}", ["update", "update", "insert"]),
        ("row_id={id}&operation=insert", ["insert"]),
        ("row_id={id}&field=is_active", ["update"]),
        ("row_id={id}&field=nothing", []),
        ("row_id={id}&actor_id={me}", ["update", "update", "insert"]),
        ("row_id={id}&actor_id={id}", []),
        ("row_id={id}&table=roles", []),
        ("row_id={id}&from=2000-01-01&to=2100-01-01", ["update", "update", "insert"]),
        ("row_id={id}&to=2000-01-01", []),
        ("operation=truncate", []),
    ],
)
async def test_filters(
    admin: ApiClient,
    ann: dict[str, Any],
    query: str,
    operations: list[str],
) -> None:
    """Each narrows, and so do all together."""
    me = await own_id(admin)
    found = await read(admin, f"/history?{query.format(id=ann['id'], me=me)}")

    assert [row["operation"] for row in found["items"]] == operations


@pytest.mark.parametrize(
    "query",
    ["after=x", "limit=0", "limit=201", "operation=drop", "row_id=7", "page=1", "to=x"],
)
async def test_wrong_parameters_are_pointed_at(admin: ApiClient, query: str) -> None:
    """422 with the name."""
    problem = await refusal(admin, f"GET /history?{query}")
    name = query.partition("=")[0]

    assert (problem["status"], pointers(problem)) == (422, [f"/query/{name}"])


async def test_cursor_walks_through_all(admin: ApiClient) -> None:
    """Newest first, each once, also while new changes come; null at the end."""
    for number in range(6):
        await make_user(admin, f"user-{number}")
    newest = await read(admin, "/history?table=users&limit=3")
    await make_user(admin, "later")
    older = await read(admin, f"/history?table=users&limit=4&after={newest['next']}")
    logins = [row["new"]["login"] for row in newest["items"] + older["items"]]

    assert logins == [f"user-{number}" for number in (5, 4, 3, 2, 1, 0)] + ["admin"]
    assert older["next"] is None


async def test_deleted_users_history_has_an_end(admin: ApiClient) -> None:
    """Beyond the last change there is nothing, which is no error."""
    user = await make_user(admin, "ann")
    path = f"/users/{user['id']}/history"
    await ask(admin, f"DELETE /users/{user['id']}")
    first = await read(admin, f"{path}?limit=1")
    last = await read(admin, f"{path}?limit=1&after={first['next']}")
    cursor = first["next"].replace(first["next"][:8], "AAAAAAAA")

    assert (last["items"][0]["operation"], last["next"]) == ("insert", None)
    assert (await read(admin, f"{path}?after={cursor}"))["items"] == []
    nobody = "/users/019a9f3e-7d10-7cc3-98c4-dc0c0c07398f/history"
    assert await ask(admin, f"GET {nobody}") == 404


async def test_csv_is_all_of_it(admin: ApiClient, ann: dict[str, Any]) -> None:
    """26: the filtered set; nothing secret in it."""
    answer = await admin.get(
        f"{API}/history?limit=1&row_id={ann['id']}",
        headers={"Accept": "text/csv"},
    )
    text = await answer.text()
    rows = list(csv.DictReader(StringIO(text)))

    assert [row["operation"] for row in rows] == ["update", "update", "insert"]
    assert rows[0]["changed"] == '["email","is_active"]'
    assert not {"argon2", "password", "stamp"} & set(text.lower().split())
    assert "argon2" not in text


async def test_roles_have_history_too(admin: ApiClient) -> None:
    """Permissions stand in a column, so history sees them."""
    role = await make_role(admin, "Clerk", "users:read")
    await ask(admin, f"PATCH /roles/{role['id']}", {"permissions": []})
    change = (await read(admin, "/history?table=roles&limit=1"))["items"][0]

    assert change["changed"] == ["permissions"]
    assert change["old"]["permissions"] == ["users:read"]


async def test_history_needs_its_permission(
    admin: ApiClient,
    open_browser: OpenBrowser,
    ann: dict[str, Any],
) -> None:
    """1: one's own can be read, others' cannot, nor can single changes."""
    await make_user(admin, "bob")
    bob = await open_browser("bob")
    change = (await read(admin, "/history?limit=1"))["items"][0]["id"]

    assert await ask(bob, f"GET /users/{await own_id(bob)}/history") == 200
    for path in (f"/users/{ann['id']}/history", "/history", f"/history/{change}"):
        assert await ask(bob, f"GET {path}") == 403
