"""Lists as CSV and text: chosen by parameter or header, in full, in any order."""

import csv
from io import StringIO
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.repositories import listing
from prilavok.transport.routes import ROUTES
from tests.api.calls import pointers, read, refusal
from tests.api.people import API, ApiClient
from tests.api.served import path_of

MARK: Final = "\ufeff"
CHOICES: Final = [route for route in ROUTES if route.forms]
# Some without a mail or a birth date, some alike in all but the id.
PEOPLE: Final = text(
    """
    INSERT INTO users
        (login, password_hash, first_name, last_name, email, birth_date, role_id)
    SELECT 'p' || n, '-', 'Name' || n % 3, 'Smith',
           CASE WHEN n % 4 > 0 THEN 'p' || n || '@example.com' END,
           CASE WHEN n % 3 > 0 THEN date '2000-01-01' + n % 5 END,
           (SELECT id FROM roles WHERE name = 'User')
    FROM generate_series(1, 23) AS n
    """,
)
SORTS: Final = (
    "",
    "email",
    "-email",
    "birth_date",
    "-birth_date",
    "-birth_date,first_name",
    "first_name,-birth_date",
    "role,-is_active,-registered_at",
)


@pytest.fixture
async def people(admin: ApiClient, owner_engine: AsyncEngine) -> None:
    """Make accounts in all states that decide an order."""
    async with owner_engine.begin() as connection:
        await connection.execute(PEOPLE)


def rows(received: str) -> list[dict[str, Any]]:
    """Read the CSV."""
    return list(csv.DictReader(StringIO(received)))


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize("sort", SORTS)
async def test_batches_join_to_the_whole_list(
    admin: ApiClient,
    people: None,
    sort: str,
    size: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing twice, nothing left out, in the order of the JSON list, nulls too."""
    monkeypatch.setattr(listing, "BATCH_ROWS", size)
    wanted = f"sort={sort}&" if sort else ""
    page = await read(admin, f"/users?{wanted}per_page=200")
    answer = await admin.get(f"{API}/users?{wanted}format=csv")

    found = rows((await answer.text()).removeprefix(MARK))
    assert [row["id"] for row in found] == [user["id"] for user in page["items"]]


async def test_mark_is_for_people(admin: ApiClient) -> None:
    """A link gets the byte order mark that Excel wants, a program none."""
    by_link = await (await admin.get(f"{API}/users?format=csv")).read()
    by_header = await admin.get(f"{API}/users", headers={"Accept": "text/csv"})

    assert by_link == MARK.encode() + await by_header.read()
    assert by_link.startswith(b'\xef\xbb\xbf"id","login",')
    assert b",true," in by_link


@pytest.mark.parametrize("route", CHOICES, ids=lambda it: it.path)
async def test_format_is_taken_where_there_is_a_choice(
    admin: ApiClient,
    route: Any,
) -> None:
    """Every form of the route; an unknown one is a 422 that points at it."""
    path = path_of(route).removeprefix(API)
    refused = await refusal(admin, f"GET {path}?format=xml")

    assert (refused["status"], pointers(refused)) == (422, ["/query/format"])
    for form in ("json", *route.forms):
        answer = await admin.get(f"{API}{path}?format={form}")
        # Where the id is unknown, the refusal is the same in each form.
        assert answer.status in {200, 404}
        if answer.ok:
            media = {"json": "application/json", "csv": "text/csv"}
            assert answer.content_type == media[form]


async def test_format_is_unknown_elsewhere(admin: ApiClient) -> None:
    """Like any parameter that a route does not have."""
    refused = await refusal(admin, "GET /roles?format=json")

    assert (refused["status"], pointers(refused)) == (422, ["/query/format"])


async def test_pages_keep_the_form(admin: ApiClient) -> None:
    """A list in JSON is paged as ever, and its links keep the parameter."""
    answer = await admin.get(f"{API}/users?format=json&per_page=1")

    assert "format=json" in answer.headers["Link"]
