"""Lists of accounts: filters and order. Numbers: docs/security.md."""

from datetime import UTC, datetime
from typing import Final
from unicodedata import normalize

import pytest

from tests.api.calls import pointers, read, refusal
from tests.api.people import ApiClient, make_role, make_user
from tests.api.staff import hire

TODAY: Final = datetime.now(UTC).date().isoformat()


@pytest.fixture
async def staff(admin: ApiClient) -> None:
    """Have a few accounts beside the first administrator."""
    await hire(admin)


@pytest.mark.parametrize(
    ("query", "logins"),
    [
        ("q=AN", "ann"),
        ("q=d", "admin bob dora"),
        ("q=%25", "ann"),
        ("q=_", "bob"),
        ("q=100%25 s", "ann"),
        ("q=B%C3%96B", "bob"),
        ("q=example.com", "carl"),
        ("q=\\", ""),
        ("q='", ""),
        ("role=Clerk", "carl dora"),
        ("role=clerk", ""),
        ("is_active=false", "dora"),
        ("role=Clerk&is_active=true", "carl"),
        ("registered_from=2100-01-01", ""),
        ("registered_to=2000-01-01", ""),
        (f"registered_to={TODAY}&q=ann", "ann"),
        (f"registered_from={TODAY}T00:00:00Z&q=ann", "ann"),
    ],
)
async def test_filters(admin: ApiClient, staff: None, query: str, logins: str) -> None:
    """21: each narrows, all together too; what looks like a pattern is text."""
    page = await read(admin, f"/users?sort=login&{query}")

    assert [user["login"] for user in page["items"]] == logins.split()
    assert page["total"] == len(logins.split())


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("Jos\u00e9", "JOSE\u0301"),
        ("Jose\u0301", "jos\u00c9"),
        (
            "\u039f\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c2",
            "\u03c3\u03b5\u03cd\u03c3",
        ),
        ("\u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3", "\u03b5\u03c5\u03c2"),
        ("Stra\u00dfer", "STRASSE"),
    ],
)
async def test_search_finds_whatever_form_a_name_is_typed_in(
    admin: ApiClient,
    written: str,
    wanted: str,
) -> None:
    """Composed or not, and with either of the Greek small sigmas; of roles, too."""
    role = await make_role(admin, written)
    made = await make_user(
        admin, "made", first_name=written, role=normalize("NFD", written)
    )
    users = await read(admin, "/users", params={"q": wanted})
    of_role = await read(admin, "/users", params={"role": normalize("NFD", written)})
    roles = await read(admin, "/roles", params={"q": wanted})

    assert [user["id"] for user in users["items"]] == [made["id"]]
    assert [user["id"] for user in of_role["items"]] == [made["id"]]
    assert [found["id"] for found in roles["items"]] == [role["id"]]


@pytest.mark.parametrize(
    ("sort", "logins"),
    [
        ("-login", "dora carl bob ann admin"),
        ("registered_at", "admin ann bob carl dora"),
        ("-registered_at", "dora carl bob ann admin"),
        ("-role,login", "ann bob carl dora admin"),
        ("is_active,-login", "dora carl bob ann admin"),
        ("last_name,-first_name,login", "ann admin dora carl bob"),
    ],
)
async def test_order(admin: ApiClient, staff: None, sort: str, logins: str) -> None:
    """By one column or several, each in its own direction."""
    page = await read(admin, "/users", params={"sort": sort})

    assert [user["login"] for user in page["items"]] == logins.split()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("sort", "password_hash"),
        ("sort", "login,-login"),
        ("sort", "login; DROP TABLE users"),
        ("sort", "--login"),
        ("sort", ""),
        ("page", "0"),
        ("page", "-1"),
        ("page", "9" * 30),
        ("per_page", "201"),
        ("per_page", "ten"),
        ("is_active", "1"),
        ("registered_from", "yesterday"),
        ("registered_from", "2026-11-20T12:00:00"),
        ("registered_to", "2026-13-01"),
        ("order", "login"),
        ("password", "x"),
    ],
)
async def test_wrong_parameters_are_pointed_at(
    admin: ApiClient,
    name: str,
    wrong: str,
) -> None:
    """21: columns come from a list, and what is unknown is refused."""
    line = f"GET /users?{name}={wrong}"
    problem = await refusal(admin, line.replace("; DROP TABLE ", "%3B+DROP+TABLE+"))

    assert (problem["status"], pointers(problem)) == (422, [f"/query/{name}"])
