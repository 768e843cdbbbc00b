"""The reports as a client sees them."""

import csv
from collections.abc import AsyncIterator
from http import HTTPStatus
from io import StringIO
from typing import Any, Final

import pytest

from prilavok.domain.reports.questions import ReportName
from prilavok.embedded.postgres import PostgresUrls
from tests.api.conftest import OpenBrowser
from tests.api.people import API, ApiClient, make_role, make_user
from tests.oracle.lines import write_log
from tests.shop_logs import KnownCountries, open_desk

REPORTS: Final = f"{API}/reports"
CSV: Final = {"Accept": "text/csv"}
CART_LINE: Final = "/cart?goods_id=1&amount=1&cart_id={}"


@pytest.fixture
async def unpaid(postgres: PostgresUrls) -> AsyncIterator[None]:
    """Import three carts of a day that nobody pays."""
    log = write_log(
        f"2018-08-01 10:00:00 1 8.8.8.8 {CART_LINE.format(30)}",
        f"2018-08-01 10:00:00 2 8.8.8.8 {CART_LINE.format(20)}",
        f"2018-08-01 09:00:00 3 2001:db8::1 {CART_LINE.format(40)}",
    )
    async with open_desk(postgres, KnownCountries({})) as desk:
        await desk.bring_in(log)
        yield


async def read(client: ApiClient, path: str) -> dict[str, Any]:
    """Return what a report answers."""
    response = await client.get(f"{REPORTS}/{path}")
    assert response.status == HTTPStatus.OK, await response.text()
    document: dict[str, Any] = await response.json()
    return document


async def test_catalogue_lists_the_reports(admin: ApiClient) -> None:
    """Each is found by its name and by its number, and is the same."""
    response = await admin.get(REPORTS)
    listed = (await response.json())["items"]

    assert [one["number"] for one in listed] == list(range(1, 8))
    for one in listed:
        by_name = await read(admin, one["name"])
        assert by_name["report"] == one["name"]
        assert by_name["question"] == one["question"]
        assert by_name["parameters"] == one["parameters"]
        assert await read(admin, str(one["number"])) == by_name


@pytest.mark.usefixtures("unpaid")
async def test_unpaid_carts_come_in_pages(admin: ApiClient) -> None:
    """By creation, then by id; the answer and the funnel count them all."""
    response = await admin.get(f"{REPORTS}/6?page=2&per_page=1")
    page = await response.json()

    assert page["rows"] == [
        {
            "cart_id": 20,
            "created_at": "2018-08-01T10:00:00",
            "visitor": "8.8.8.8",
            "lines": 1,
        },
    ]
    assert page["answer"] == {"carts": 3}
    assert (page["meta"]["country_source"], page["meta"]["unresolved"]) == (
        "made up",
        0,
    )
    assert page["meta"]["funnel"] == {"carts": 3, "with_pay": 0, "paid": 0}
    assert (page["page"], page["per_page"], page["total"]) == (2, 1, 3)
    assert set(response.links) == {"first", "prev", "next", "last"}


@pytest.mark.usefixtures("unpaid")
async def test_csv_has_all_rows(admin: ApiClient) -> None:
    """Whatever the page."""
    response = await admin.get(f"{REPORTS}/unpaid-carts?per_page=1", headers=CSV)
    rows = list(csv.reader(StringIO(await response.text())))

    assert response.content_type == "text/csv"
    assert rows == [
        ["cart_id", "created_at", "visitor", "lines"],
        ["40", "2018-08-01T09:00:00", "2001:db8::1", "1"],
        ["20", "2018-08-01T10:00:00", "8.8.8.8", "1"],
        ["30", "2018-08-01T10:00:00", "8.8.8.8", "1"],
    ]


@pytest.mark.usefixtures("unpaid")
async def test_cart_ids_are_texts_where_asked_for(admin: ApiClient) -> None:
    """Floats, as JavaScript has them, lose digits of large ones; CSV has quotes."""
    page = await read(admin, "6?ids=string&per_page=1")
    rows = await (await admin.get(f"{REPORTS}/6?ids=string", headers=CSV)).text()
    refused = await admin.get(f"{REPORTS}/6?ids=number")

    assert [row["cart_id"] for row in page["rows"]] == ["40"]
    assert rows.splitlines()[1].startswith('"40",')
    assert (await refused.json())["errors"][0]["pointer"] == "/query/ids"
    assert (await admin.get(f"{REPORTS}/1?ids=string")).status == 422


@pytest.mark.usefixtures("unpaid")
async def test_every_report_has_its_csv(admin: ApiClient) -> None:
    """Its columns are the members of a row."""
    for name in ReportName:
        rows = (await read(admin, name))["rows"]
        response = await admin.get(f"{REPORTS}/{name.value}", headers=CSV)
        table = list(csv.DictReader(StringIO(await response.text())))

        assert len(table) == len(rows)
        assert [list(row) for row in table] == [list(row) for row in rows]


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("countries?from=2018-02-30", "/query/from"),
        ("4?from=2018-08-02&to=2018-08-01", "/query/to"),
        ("1?category=caviar", "/query/category"),
        ("bought-together?category=Caviar", "/query/category"),
        ("3?scope=pages", "/query/scope"),
        ("6?per_page=201", "/query/per_page"),
        ("5?page=1", "/query/page"),
        ("7?from=2018-08-01&from=2018-08-02", "/query/from"),
    ],
)
async def test_malformed_questions_are_refused(
    admin: ApiClient,
    path: str,
    pointer: str,
) -> None:
    """The problem points at the parameter."""
    response = await admin.get(f"{REPORTS}/{path}")
    problem = await response.json()

    assert response.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


@pytest.mark.parametrize("path", ["8", "0", "01", "Countries", "countries/"])
async def test_other_reports_do_not_exist(client: ApiClient, path: str) -> None:
    """Not even for strangers."""
    response = await client.get(f"{REPORTS}/{path}")

    assert response.status == HTTPStatus.NOT_FOUND


async def test_reports_need_their_permission(
    open_browser: OpenBrowser,
    admin: ApiClient,
) -> None:
    """Strangers should sign in; a user lacks it until his role has it."""
    await make_role(admin, "Analyst", "reports:read")
    await make_user(admin, "ann", role="Analyst")
    await make_user(admin, "bob")
    statuses = [
        [
            (await who.get(f"{REPORTS}{path}")).status
            for path in ("", "/1", "/countries")
        ]
        for who in (
            await open_browser(),
            await open_browser("bob"),
            await open_browser("ann"),
        )
    ]

    assert statuses == [[401, 401, 401], [403, 403, 403], [200, 200, 200]]
