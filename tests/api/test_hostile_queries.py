"""21, 22: no query string gives a 5xx, and what is refused is pointed at."""

from collections.abc import Iterator
from typing import Final

import pytest
from yarl import URL

from prilavok.transport.routing import Route
from tests.api.bad_queries import GUESSES, NO_TEXT
from tests.api.people import API, ApiClient
from tests.api.problem_checks import read_problem
from tests.api.served import SERVED, path_of

READS: Final = tuple(route for route in SERVED if route.query.load_fields)


async def refuse(client: ApiClient, address: str) -> list[str]:
    """Return the sorted pointers of the problem that must come, of status 422."""
    response = await client.get(URL(address, encoded=True))
    problem = read_problem(response.status, response.headers, await response.read())
    assert (address, response.status) == (address, 422)
    return sorted(error["pointer"] for error in problem["errors"])


@pytest.mark.parametrize("route", READS, ids=lambda route: str(route.path))
async def test_no_value_of_a_parameter_is_too_much(
    admin: ApiClient,
    route: Route,
) -> None:
    """It is understood, or it is pointed at; the list it asks for comes at once."""
    address = path_of(route)
    for name in parameters(route):
        for guess in GUESSES:
            tried = URL(f"{address}?{name}={guess}", encoded=True)
            response = await admin.request(route.method, tried)
            received = await response.read()

            assert response.status in {200, 404, 422, *route.refuses}, tried
            if response.status == 422:
                problem = read_problem(422, response.headers, received)
                assert [it["pointer"] for it in problem["errors"]] == [f"/query/{name}"]


def parameters(route: Route) -> Iterator[str]:
    """Name the query's parameters as they stand in the address."""
    for name, field in route.query.load_fields.items():
        yield field.data_key or name


@pytest.mark.parametrize("route", READS, ids=lambda route: str(route.path))
async def test_what_is_no_text_is_refused(admin: ApiClient, route: Route) -> None:
    """NUL, surrogates and other bytes that are no UTF-8, in names and values."""
    address = path_of(route)
    name = next(parameters(route))
    for text in NO_TEXT:
        assert await refuse(admin, f"{address}?{name}={text}")
        assert await refuse(admin, f"{address}?{text}=1")


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("per_page=201", ["/query/per_page"]),
        ("per_page=0", ["/query/per_page"]),
        ("page=0", ["/query/page"]),
        ("page=1&page=1", ["/query/page"]),
        ("page=0&per_page=0", ["/query/page", "/query/per_page"]),
        ("Page=1", ["/query/Page"]),
        ("page[]=1", ["/query/page[]"]),
        ("a/b=1&c~d=1", ["/query/a~1b", "/query/c~0d"]),
        ("=1", ["/query/"]),
    ],
)
async def test_each_parameter_is_pointed_at(
    admin: ApiClient,
    query: str,
    pointers: list[str],
) -> None:
    """Unknown, repeated and out of range: all of them at once."""
    found = await refuse(admin, f"{API}/users?{query}")

    assert found == sorted(pointers)


async def test_long_queries_get_short_answers(admin: ApiClient) -> None:
    """No header and no list of errors grows with what is asked."""
    unknown = "&".join(f"a{number}" for number in range(500))
    long = {"q": "é" * 1000}
    fits = await admin.get(f"{API}/users", params={"q": "é" * 100})
    does_not = await admin.get(f"{API}/users", params=long)

    assert len(await refuse(admin, f"{API}/users?{unknown}")) == 100
    assert ("Link" in fits.headers, "Link" in does_not.headers) == (True, False)


async def test_furthest_page_is_empty(admin: ApiClient) -> None:
    """The largest page number is still inside PostgreSQL's limits."""
    last = {"page": str((2**63 - 1) // 200), "per_page": "200"}
    for name in ("users", "roles", "sessions", "auth/sessions"):
        response = await admin.get(f"{API}/{name}", params=last)

        assert (name, response.status) == (name, 200)
        assert (await response.json())["items"] == []


async def test_search_takes_wildcards_for_themselves(admin: ApiClient) -> None:
    """Nobody is called ``%``."""
    for text in ("%", "_", "\\", "a%n", ".*"):
        response = await admin.get(f"{API}/users", params={"q": text})

        assert (await response.json())["total"] == 0
