"""Nobody gives or touches more than he holds. Numbers: docs/security.md."""

from typing import Any, Final

import pytest

from tests.api.calls import ask, own_id, read, refusal
from tests.api.conftest import OpenBrowser
from tests.api.people import NEW_USER, ApiClient, make_role, make_user

CLERK: Final = ("users:read", "users:write", "roles:read", "roles:write")


@pytest.fixture
async def clerk(admin: ApiClient, open_browser: OpenBrowser) -> ApiClient:
    """Be somebody who may write users and roles, and little else."""
    await make_role(admin, "Clerk", *CLERK)
    await make_role(admin, "Reporter", "reports:read")
    await make_user(admin, "clerk", role="Clerk")
    return await open_browser("clerk")


async def test_nobody_grants_what_he_lacks(clerk: ApiClient) -> None:
    """3: neither by a role of more rights nor by a new or changed role."""
    me = await own_id(clerk)
    ann = await make_user(clerk, "ann")
    mine = await make_role(clerk, "Mine", "users:read")
    asked: dict[str, Any] = {
        "POST /users": NEW_USER | {"login": "new", "role": "Reporter"},
        "POST /roles": {"name": "New", "permissions": ["history:read"]},
        f"PATCH /users/{ann['id']}": {"role": "Admin"},
        f"PATCH /users/{me}": {"role": "Admin"},
        f"PATCH /roles/{mine['id']}": {"permissions": ["users:read", "players:read"]},
        "POST /users/batch": {"update": [{"id": me, "role": "Reporter"}]},
        "POST /roles/batch": {
            "create": [{"name": "X", "permissions": ["imports:read"]}]
        },
    }
    before = await read(clerk, "/auth/me")
    for line, body in asked.items():
        problem = await refusal(clerk, line, body)
        assert (problem["status"], problem["code"]) == (403, "forbidden")

    assert await read(clerk, "/auth/me") == before
    assert (await read(clerk, "/users"))["total"] == 3


async def test_stronger_accounts_are_out_of_reach(
    clerk: ApiClient,
    admin: ApiClient,
) -> None:
    """3: who holds what one lacks can be read, not touched."""
    boss = await own_id(admin)
    reporter = (await make_user(admin, "reporter", role="Reporter"))["id"]
    for user_id in (boss, reporter):
        bodies: dict[str, Any] = {
            f"PATCH /users/{user_id}": {"password": "another horse battery"},
            f"DELETE /users/{user_id}": None,
            "POST /users/batch": {"delete": [user_id]},
        }
        for line, body in bodies.items():
            assert (await refusal(clerk, line, body))["status"] == 403
        assert await ask(clerk, f"GET /users/{user_id}") == 200
    assert await ask(admin, "GET /auth/me") == 200


async def test_stronger_roles_are_out_of_reach(
    clerk: ApiClient,
    admin: ApiClient,
) -> None:
    """3: not even to take a permission away that one lacks."""
    roles = (await read(admin, "/roles"))["items"]
    ids = {role["name"]: role["id"] for role in roles}
    line = f"PATCH /roles/{ids['Reporter']}"

    assert (await refusal(clerk, line, {"permissions": []}))["status"] == 403
    assert (await refusal(clerk, line, {"name": "Mine"}))["status"] == 403
    assert await ask(clerk, f"DELETE /roles/{ids['Reporter']}") == 403
    assert await ask(clerk, f"DELETE /roles/{ids['Admin']}") in {403, 409}


async def test_equals_work_on_each_other(clerk: ApiClient, admin: ApiClient) -> None:
    """A writer may touch whoever holds no more than he."""
    peer = await make_user(admin, "peer", role="Clerk")
    line = f"PATCH /users/{peer['id']}"

    assert await ask(clerk, line, {"first_name": "Peer"}) == 200
    assert await ask(clerk, line, {"role": "User"}) == 200
    assert await ask(clerk, line, {"role": "Clerk"}) == 200
    assert await ask(clerk, f"DELETE /users/{peer['id']}") == 204


async def test_lost_permissions_are_lost_at_once(
    clerk: ApiClient,
    admin: ApiClient,
) -> None:
    """7: what a role loses, its holders cannot give any more."""
    roles = (await read(admin, "/roles?q=Clerk"))["items"]
    body = {"permissions": ["users:read", "users:write"]}
    assert await ask(admin, f"PATCH /roles/{roles[0]['id']}", body) == 200
    await make_role(admin, "Once", "roles:read")
    new = NEW_USER | {"login": "new", "role": "Once"}

    assert (await refusal(clerk, "POST /users", new))["status"] == 403
    assert await ask(clerk, "GET /roles") == 403
