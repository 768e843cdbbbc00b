"""The OpenAPI document and its pages: valid, complete, and from here only."""

import re
from collections.abc import Iterator
from typing import Any, Final

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from prilavok.domain.access import ANYONE
from prilavok.domain.errors import DomainError
from prilavok.transport.openapi import openapi_document
from prilavok.transport.problem_texts import PROBLEM_TEXTS
from prilavok.transport.problems import HTTP_CODES
from prilavok.transport.routes import ROUTES
from tests.api.people import ApiClient

METHODS: Final = frozenset(("get", "put", "post", "patch", "delete"))
LOADED: Final = re.compile('(?:src|href|url)[=:] ?"([^"]+)')
OTHER_CODES: Final = frozenset(("internal-error", "http-error"))


def operations() -> dict[tuple[str, str], Any]:
    """Give every operation of the document by method and path."""
    return {
        (method.upper(), path): operation
        for path, described in openapi_document()["paths"].items()
        for method, operation in described.items()
        if method in METHODS
    }


def subclasses(error: type[DomainError]) -> Iterator[type[DomainError]]:
    """Walk the tree of refusals."""
    for child in error.__subclasses__():
        yield child
        yield from subclasses(child)


async def test_served_document_is_valid(client: ApiClient) -> None:
    """As OpenAPI 3.1, by its own schema, and so is every schema in it."""
    served = await (await client.get("/openapi.json")).json()

    assert served == openapi_document()
    OPENAPI_31_VALIDATOR.validate(served)
    for schema in served["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)


def test_every_route_is_described_and_nothing_else() -> None:
    """With a summary, an id of its own, and how one gets in."""
    described = operations()
    ids = {operation["operationId"] for operation in described.values()}

    assert set(described) == {(route.method, route.path) for route in ROUTES}
    assert len(ids) == len(described)
    assert all(operation["summary"] for operation in described.values())


@pytest.mark.parametrize("route", ROUTES, ids=lambda it: f"{it.method} {it.path}")
def test_description_agrees_with_the_route_line(route: Any) -> None:
    """Audience, body, query and success are those of the line."""
    operation = operations()[(route.method, route.path)]
    queries = {it["name"] for it in operation["parameters"] if it["in"] == "query"}
    fields = route.query.load_fields.items()

    assert bool(operation["security"]) == (route.allow is not ANYONE)
    assert ("requestBody" in operation) == bool(route.body or route.receive)
    own = {"format"} if route.forms else set()
    own |= {"ids"} if route.text_ids else set()
    assert queries == {field.data_key or name for name, field in fields} | own
    assert str(int(route.status)) in operation["responses"]


async def test_pages_load_only_files_of_ours(client: ApiClient) -> None:
    """No other host is named in what the page loads, and each file is there."""
    page = await (await client.get("/docs")).text()
    script = await (await client.get("/docs/start.js")).text()
    loaded = LOADED.findall(page) + LOADED.findall(script)

    assert len(loaded) == 4
    for address in loaded:
        assert re.match("/[^/]", address), address
        answer = await client.get(address)
        assert (answer.status, bool(await answer.read())) == (200, True)


async def test_every_problem_has_its_page(client: ApiClient) -> None:
    """Each code that can be answered is explained, and no other."""
    leaves = {error.code for error in subclasses(DomainError)}
    possible = leaves | set(HTTP_CODES.values()) | OTHER_CODES
    listed = await (await client.get("/problems")).text()

    assert possible == set(PROBLEM_TEXTS)
    for code in possible:
        page = await client.get(f"/problems/{code}")
        assert (code, page.status) == (code, 200)
        assert f'href="/problems/{code}"' in listed
