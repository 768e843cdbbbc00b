"""Roles: making, changing, deleting them. Numbers: docs/security.md."""

from prilavok.domain.access import Permission
from tests.api.calls import ask, built_in_role, pointers, read, refusal
from tests.api.people import API, ApiClient, make_role, make_user


async def test_role_is_made_changed_and_deleted(admin: ApiClient) -> None:
    """Like users: 201 and address, version and tag, 204; holders are counted."""
    body = {"name": "Clerk", "permissions": ["users:read", "roles:read"]}
    answer = await admin.post(f"{API}/roles", json=body)
    role = await answer.json()
    path = f"/roles/{role['id']}"
    await make_user(admin, "ann", role="Clerk")
    seen = await read(admin, path)
    changed = await admin.patch(f"{API}{path}", json={"name": "Seller"})

    assert (answer.status, answer.headers["Location"]) == (201, f"{API}{path}")
    assert role == {
        "id": role["id"],
        "name": "Clerk",
        "permissions": ["roles:read", "users:read"],
        "built_in": False,
        "users": 0,
        "version": 1,
    }
    assert seen == role | {"users": 1}
    assert await changed.json() == seen | {"name": "Seller", "version": 2}
    assert changed.headers["ETag"].startswith('"2.')


async def test_role_in_use_stays(admin: ApiClient) -> None:
    """409 until nobody holds it."""
    role = await make_role(admin, "Clerk")
    user = await make_user(admin, "ann", role="Clerk")
    line = f"DELETE /roles/{role['id']}"
    problem = await refusal(admin, line)
    await ask(admin, f"DELETE /users/{user['id']}")

    assert (problem["status"], problem["code"]) == (409, "role-in-use")
    assert [await ask(admin, line), await ask(admin, line)] == [204, 404]


async def test_equal_values_and_stale_edits(admin: ApiClient) -> None:
    """44: nothing changes what is equal, in whatever order; stale is 412."""
    role = await make_role(admin, "Clerk", "users:read", "roles:read")
    path = f"/roles/{role['id']}"
    same = {"name": "Clerk", "permissions": ["users:read", "roles:read"]}
    stale = await refusal(admin, f"DELETE {path}", None, {"If-Match": '"7"'})

    assert await ask(admin, f"PATCH {path}", same) == 200
    assert await read(admin, path) == role
    assert (stale["status"], stale["current"]) == (412, 1)


async def test_roles_in_a_batch(admin: ApiClient) -> None:
    """All or nothing, and the refusal names the item."""
    old = await make_role(admin, "Old")
    gone = await make_role(admin, "Gone")
    new = {"name": "New", "permissions": ["users:read"]}
    body = {
        "create": [new],
        "update": [{"id": old["id"], "name": "Newer"}],
        "delete": [gone["id"], await built_in_role(admin, "User")],
    }
    problem = await refusal(admin, "POST /roles/batch", body)
    unchanged = (await read(admin, "/roles"))["total"]
    body["delete"].pop()
    answer = await admin.post(f"{API}/roles/batch", json=body)
    done = await answer.json()
    taken = await refusal(admin, "POST /roles/batch", {"create": [new]})

    assert (problem["code"], pointers(problem)) == ("built-in-role", ["/delete/1"])
    assert unchanged == 4
    assert [role["name"] for role in done["created"] + done["updated"]] == [
        "New",
        "Newer",
    ]
    assert (taken["code"], pointers(taken)) == ("role-taken", ["/create/0/name"])


async def test_permissions_say_what_they_allow(admin: ApiClient) -> None:
    """Each that there is, in words; Admin holds them all."""
    listed = (await read(admin, "/permissions"))["items"]
    held = (await read(admin, "/auth/me"))["permissions"]

    assert {it["name"] for it in listed} == set(Permission) == set(held)
    assert {"name": "users:read", "allows": "Read users"} in listed


async def test_roles_are_found_and_sorted(admin: ApiClient) -> None:
    """By a part of the name, whatever its case; by name or kind."""
    await make_role(admin, "100% clerk")
    found = await read(admin, "/roles", params={"q": "% CL"})
    names = [it["name"] for it in (await read(admin, "/roles?sort=-name"))["items"]]
    wrong = await refusal(admin, "GET /roles?sort=permissions")

    assert [it["name"] for it in found["items"]] == ["100% clerk"]
    assert names == ["User", "Admin", "100% clerk"]
    assert pointers(wrong) == ["/query/sort"]
