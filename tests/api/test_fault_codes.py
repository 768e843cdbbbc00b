"""Refusals that programs understand: codes, limits, and who was faster."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from prilavok.domain.faults import FaultCode
from prilavok.transport.fault_texts import CODE_TEXTS, FAULT_TEXTS
from prilavok.transport.openapi import openapi_document
from prilavok.transport.problem_texts import PROBLEM_TEXTS
from tests.api.calls import ask, refusal
from tests.api.conftest import OpenBrowser
from tests.api.people import (
    ADMIN_LOGIN,
    API,
    NEW_USER,
    ApiClient,
    make_user,
)
from tests.api.problem_checks import read_problem

USERS: Final = "POST /users"
TODAY: Final = datetime.now(UTC).date()
# The line, the body, and of the first item: pointer, code, limits.
REFUSALS: Final[Any] = (
    (USERS, {"password": "short"}, "/password", "too-short", {"min": 8}),
    (USERS, {"password": "x" * 129}, "/password", "too-long", {"max": 128}),
    (USERS, {"password": "password123"}, "/password", "common-password", {}),
    (USERS, {"password": None}, "/password", "is-null", {}),
    (USERS, {"password": 1}, "/password", "wrong-type", {}),
    (USERS, {"first_name": ""}, "/first_name", "too-short", {"min": 1}),
    (USERS, {"first_name": "\n"}, "/first_name", "wrong-form", {}),
    (USERS, {"email": "no mail"}, "/email", "wrong-form", {}),
    (USERS, {"email": []}, "/email", "wrong-form", {}),
    (USERS, {"birth_date": "x"}, "/birth_date", "wrong-form", {}),
    (
        USERS,
        {"birth_date": str(TODAY + timedelta(2))},
        "/birth_date",
        "too-large",
        {"max": str(TODAY)},
    ),
    (
        USERS,
        {"birth_date": "1899-12-31"},
        "/birth_date",
        "too-small",
        {"min": str(date(1900, 1, 1))},
    ),
    (USERS, {"is_active": "yes"}, "/is_active", "wrong-type", {}),
    (USERS, {"role": "No such"}, "/role", "unknown-choice", {}),
    (USERS, {"nonsense": 1}, "/nonsense", "unknown-field", {}),
    ("POST /users/batch", {"create": [{}]}, "/create/0/login", "required", {}),
    ("POST /users/batch", {"create": 1}, "/create", "wrong-type", {}),
    ("POST /users/batch", {"delete": ["x"]}, "/delete/0", "wrong-form", {}),
    (
        "POST /users/batch",
        {"delete": list(range(1001))},
        "/delete",
        "too-long",
        {"max": 1000},
    ),
    ("POST /roles", [], "", "wrong-type", {}),
    ("GET /users?page=0", None, "/query/page", "too-small", {"min": 1}),
    ("GET /users?per_page=201", None, "/query/per_page", "too-large", {"max": 200}),
    ("GET /users?page=x", None, "/query/page", "wrong-type", {}),
    ("GET /users?page=1&page=2", None, "/query/page", "given-twice", {}),
    ("GET /users?sort=password", None, "/query/sort", "unknown-choice", {}),
    (
        "GET /users?format=xml",
        None,
        "/query/format",
        "unknown-choice",
        {"choices": ["json", "csv"]},
    ),
    ("GET /users?x=1", None, "/query/x", "unknown-field", {}),
)
VERSIONED: Final = (
    ("roles", {"name": "Seller", "permissions": []}, {"name": "Vendor"}),
    ("users", NEW_USER | {"login": "ann"}, {"first_name": "Anna"}),
    ("players", {"email": "ann@example.com"}, {"plays": 3}),
    (
        "sources",
        {"name": "one", "url": "http://example.com/"},
        {"enabled": False},
    ),
)


@pytest.mark.parametrize(("line", "body", "pointer", "code", "limits"), REFUSALS)
async def test_items_have_a_code_and_limits(
    admin: ApiClient,
    line: str,
    body: Any,
    pointer: str,
    code: str,
    limits: dict[str, Any],
) -> None:
    """Beside the sentence, which may change."""
    full = NEW_USER | {"login": "ann"} | body if line == USERS else body
    problem = await refusal(admin, line, full)
    found = [fault for fault in problem["errors"] if fault["pointer"] == pointer]

    assert (found[0]["code"], found[0]["limits"]) == (code, limits)
    assert found[0]["detail"]


async def test_body_that_is_no_json_has_a_code(admin: ApiClient) -> None:
    """At the pointer of the whole body."""
    headers = {"Content-Type": "application/json"}
    answer = await admin.post(f"{API}/users", data=b"{", headers=headers)
    problem = read_problem(answer.status, answer.headers, await answer.read())

    assert [(it["pointer"], it["code"]) for it in problem["errors"]] == [
        ("", "not-json"),
    ]


async def test_conflicts_have_the_code_of_the_problem(admin: ApiClient) -> None:
    """Where they are about a field."""
    problem = await refusal(admin, USERS, NEW_USER | {"login": ADMIN_LOGIN})

    assert (problem["status"], problem["errors"][0]["code"]) == (409, "login-taken")


def test_every_code_is_explained_once() -> None:
    """In one of both tables, and in the document."""
    assert set(FAULT_TEXTS) == {code.value for code in FaultCode}
    assert not set(FAULT_TEXTS) & set(PROBLEM_TEXTS)
    described = openapi_document()["components"]["schemas"]["Problem"]
    faults = described["properties"]["errors"]["items"]
    assert faults["properties"]["code"]["enum"] == sorted(CODE_TEXTS)


async def test_codes_are_listed_under_problems(client: ApiClient) -> None:
    """With a page each."""
    listed = await (await client.get("/problems")).text()
    for code in FaultCode:
        page = await client.get(f"/problems/{code}")

        assert page.status == 200
        assert f'href="/problems/{code}"' in listed


@pytest.mark.parametrize(("noun", "made", "change"), VERSIONED)
async def test_stale_edit_is_told_who_was_faster(
    admin: ApiClient,
    open_browser: OpenBrowser,
    noun: str,
    made: dict[str, Any],
    change: dict[str, Any],
) -> None:
    """412 with the version, its author and its time; for PATCH and DELETE."""
    boss = await make_user(admin, "boss", role="Admin")
    path = f"{API}/{noun}"
    first = await (await admin.post(path, json=made)).json()
    other = await open_browser("boss")
    changed = await other.patch(f"{path}/{first['id']}", json=change)
    for method in ("PATCH", "DELETE"):
        headers = {"If-Match": f'"{first["version"]}"'}
        problem = await refusal(
            admin,
            f"{method} /{noun}/{first['id']}",
            change if method == "PATCH" else None,
            headers,
        )
        age = datetime.now(UTC) - datetime.fromisoformat(problem["changed_at"])

        assert problem["status"] == 412
        assert problem["current"] == (await changed.json())["version"]
        assert problem["changed_by"] == {"id": boss["id"], "login": "boss"}
        assert timedelta(0) <= age < timedelta(minutes=1)


async def test_play_is_nobodys_change(admin: ApiClient) -> None:
    """It makes a version of the player that history does not have."""
    body = {"email": "ann@example.com"}
    player = await (await admin.post(f"{API}/players", json=body)).json()
    await ask(admin, "POST /plays", body)
    headers = {"If-Match": f'"{player["version"]}"'}
    line = f"PATCH /players/{player['id']}"
    problem = await refusal(admin, line, {"plays": 5}, headers)

    assert (problem["status"], problem["changed_by"]) == (412, None)
    assert problem["changed_at"]
