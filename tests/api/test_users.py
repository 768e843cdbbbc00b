"""Making accounts, and what they may be. Numbers: docs/security.md."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from tests.api.calls import ask, pointers, read, refusal
from tests.api.people import API, NEW_USER, ApiClient, make_user, sign_in

FIELDS: Final = {
    "id",
    "login",
    "first_name",
    "last_name",
    "email",
    "birth_date",
    "role",
    "language",
    "is_active",
    "registered_at",
    "updated_at",
    "version",
    "avatar",
}
TOMORROW: Final = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


async def test_account_is_made_and_read(admin: ApiClient) -> None:
    """201 with its address and version; read again it is the same."""
    body = NEW_USER | {
        "login": "Ann.Smith_1-2",
        "email": "ann@example.com",
        "birth_date": "1990-02-28",
        "language": "pt-BR",
    }
    answer = await admin.post(f"{API}/users", json=body)
    user = await answer.json()
    again = await admin.get(answer.headers["Location"])

    assert answer.status == 201
    assert user.keys() == FIELDS
    assert {name: user[name] for name in body if name != "password"} == {
        name: wanted for name, wanted in body.items() if name != "password"
    }
    assert (user["is_active"], user["version"]) == (True, 1)
    assert user["avatar"] == {"state": "none", "reason": None}
    assert (await again.json()) == user
    assert again.headers["ETag"] == answer.headers["ETag"]
    assert answer.headers["ETag"].startswith('"1.')


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("login", "x" * 65),
        ("login", ""),
        ("login", "ann smith"),
        ("login", "ann\n"),
        ("login", "adm\u0130n"),
        ("password", "1234567"),
        ("password", "x" * 129),
        ("password", "Password1"),
        ("password", 12345678),
        ("first_name", ""),
        ("first_name", "x" * 51),
        ("last_name", "  "),
        ("last_name", "Smith\nJones"),
        ("last_name", "Smith\n"),
        ("last_name", "Smith\u2028"),
        ("last_name", None),
        ("email", "no mail"),
        ("email", "@example.com".rjust(255, "x")),
        ("email", "a@example.com\nBcc: b@example.com"),
        ("birth_date", "1899-12-31"),
        ("birth_date", TOMORROW),
        ("birth_date", "28.02.1990"),
        ("language", "english"),
        ("language", None),
        ("role", "Unknown"),
        ("is_active", "yes"),
        ("is_active", 1),
        ("id", "019a9f3e-7d10-7cc3-98c4-dc0c0c07398f"),
        ("version", 7),
        ("password_hash", "x"),
        ("permissions", ["users:write"]),
        ("registered_at", "2026-11-20T12:00:00.000000Z"),
    ],
)
async def test_wrong_fields_are_pointed_at(
    admin: ApiClient,
    field: str,
    wrong: object,
) -> None:
    """3, 13: unknown and malformed fields alike; nothing is made."""
    body = NEW_USER | {"login": "ann", field: wrong}
    problem = await refusal(admin, "POST /users", body)

    assert (problem["status"], problem["code"]) == (422, "invalid-request")
    assert set(pointers(problem)) == {f"/{field}"}
    assert (await read(admin, "/users"))["total"] == 1


async def test_needed_fields_are_all_named(admin: ApiClient) -> None:
    """Every missing one at once."""
    problem = await refusal(admin, "POST /users", {})

    assert sorted(pointers(problem)) == [
        "/first_name",
        "/last_name",
        "/login",
        "/password",
        "/role",
    ]


@pytest.mark.parametrize(
    "password",
    [
        "x1y2z3w4",
        "\u2603" * 8,
        " " * 9,
        "q" * 128,
        "  spaces stay  ",
        "\U0001f511" * 128,
    ],
)
async def test_any_characters_make_a_password(
    admin: ApiClient,
    client: ApiClient,
    password: str,
) -> None:
    """13: 8 to 128 of them, all of which count."""
    await make_user(admin, "ann", password=password)
    shorter = {"login": "ann", "password": password[:-1]}

    assert await ask(client, "POST /auth/login", shorter) == 401
    await sign_in(client, "ann", password)
