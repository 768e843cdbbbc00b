"""Lists of accounts in pages and as CSV. Numbers: docs/security.md."""

import csv
from io import StringIO

import pytest
from yarl import URL

from tests.api.people import API, ApiClient, make_user
from tests.api.staff import hire


@pytest.fixture
async def staff(admin: ApiClient) -> None:
    """Have a few accounts beside the first administrator."""
    await hire(admin)


async def test_pages_link_to_each_other(admin: ApiClient, staff: None) -> None:
    """RFC 8288: following ``next`` shows every account once, filters kept."""
    first, links = await follow(admin, "/users?per_page=2&sort=login&is_active=true")
    second, back = await follow(admin, links["next"].path_qs.removeprefix(API))

    assert first + second == ["admin", "ann", "bob", "carl"]
    assert links.keys() == {"first", "next", "last"}
    assert back.keys() == {"first", "prev", "last"}
    assert back["last"].query["page"] == "2"
    assert back["prev"].query["is_active"] == "true"


async def follow(client: ApiClient, path: str) -> tuple[list[str], dict[str, URL]]:
    """Read a page of logins and where it leads."""
    answer = await client.get(f"{API}{path}")
    page = await answer.json()
    links = {str(rel): URL(link["url"]) for rel, link in answer.links.items()}
    assert (page["per_page"], page["total"]) == (2, 4)
    return [user["login"] for user in page["items"]], links


async def test_page_past_the_end_is_empty(admin: ApiClient, staff: None) -> None:
    """200 with the total, and no next."""
    answer = await admin.get(f"{API}/users?page=46116860184273879")
    page = await answer.json()

    assert (answer.status, page["items"], page["total"]) == (200, [], 5)
    assert "next" not in answer.links


async def test_csv_is_the_whole_filtered_set(admin: ApiClient, staff: None) -> None:
    """26: every row whatever the page; no cell starts a formula; quoting survives."""
    names = ("=1+1", "+1", "-1", "@SUM(A1)", 'He said "no", twice', "\u00fc")
    for number, name in enumerate(names):
        await make_user(admin, f"csv-{number}", first_name=name)
    answer = await admin.get(
        f"{API}/users?q=csv-&sort=login&per_page=2",
        headers={"Accept": "text/csv"},
    )
    rows = list(csv.DictReader(StringIO(await answer.text())))

    assert answer.content_type == "text/csv"
    assert 'filename="users.csv"' in answer.headers["Content-Disposition"]
    assert [row["first_name"] for row in rows] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        *names[4:],
    ]
    assert not {"password_hash", "stamp", "password"} & rows[0].keys()
