"""What roles may be, and which of them stay. Numbers: docs/security.md."""

from typing import Any

import pytest

from tests.api.calls import ask, built_in_role, pointers, read, refusal
from tests.api.people import ApiClient


@pytest.mark.parametrize(
    ("line", "name", "body"),
    [
        ("PATCH", "Admin", {"permissions": []}),
        ("PATCH", "Admin", {"name": "Boss"}),
        ("PATCH", "User", {"name": "Guest"}),
        ("DELETE", "Admin", None),
        ("DELETE", "User", None),
    ],
)
async def test_built_in_roles_stay(
    admin: ApiClient,
    line: str,
    name: str,
    body: dict[str, Any] | None,
) -> None:
    """3: Admin as it is, User at least by its name."""
    before = await read(admin, "/roles")
    role_id = await built_in_role(admin, name)
    problem = await refusal(admin, f"{line} /roles/{role_id}", body)

    assert (problem["status"], problem["code"]) == (409, "built-in-role")
    assert await read(admin, "/roles") == before


async def test_role_user_can_be_given_permissions(admin: ApiClient) -> None:
    """It starts with none; administrators may add."""
    role_id = await built_in_role(admin, "User")
    body = {"permissions": ["reports:read"]}

    assert (await read(admin, f"/roles/{role_id}"))["permissions"] == []
    assert await ask(admin, f"PATCH /roles/{role_id}", body) == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "A", "permissions": ["*"]}, "/permissions"),
        ({"name": "A", "permissions": ["users:*"]}, "/permissions"),
        ({"name": "A", "permissions": ["users:read", "users:read"]}, "/permissions"),
        ({"name": "A", "permissions": "users:read"}, "/permissions"),
        ({"name": "A", "permissions": [1, None]}, "/permissions"),
        ({"name": "A", "permissions": None}, "/permissions"),
        ({"name": "A"}, "/permissions"),
        ({"permissions": []}, "/name"),
        ({"name": "", "permissions": []}, "/name"),
        ({"name": " A", "permissions": []}, "/name"),
        ({"name": "A\n", "permissions": []}, "/name"),
        ({"name": "x" * 65, "permissions": []}, "/name"),
        ({"name": "A", "permissions": [], "built_in": True}, "/built_in"),
        ({"name": "A", "permissions": [], "id": "x"}, "/id"),
    ],
)
async def test_wrong_fields_are_pointed_at(
    admin: ApiClient,
    body: dict[str, Any],
    pointer: str,
) -> None:
    """3: no wildcard, nothing unknown, nothing built in from outside."""
    problem = await refusal(admin, "POST /roles", body)

    assert problem["status"] == 422
    assert set(pointers(problem)) == {pointer}
