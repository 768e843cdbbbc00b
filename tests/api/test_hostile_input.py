"""22, 23: no body gives a 5xx; what is refused is a problem document."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from io import BytesIO
from typing import Any, Final

import pytest
from marshmallow import Schema

from prilavok.transport.routing import Route
from tests.api.bad_bodies import (
    BOMBS,
    BROKEN_PACKING,
    CODINGS,
    CONTENT_TYPES,
    NO_JSON,
    PACKED,
    WRONG,
)
from tests.api.people import API, ApiClient
from tests.api.problem_checks import read_problem
from tests.api.served import SERVED, path_of

BODY_ROUTES: Final = tuple(route for route in SERVED if route.body is not None)
JSON: Final = "application/json"
LOGIN: Final = f"POST {API}/auth/login"
MIB: Final = 1024 * 1024


def wrongly_typed(schema: Schema) -> Iterator[dict[str, Any]]:
    """Give each field each wrong value, all the others being missing."""
    for name in schema.load_fields:
        yield from ({name: wrong} for wrong in WRONG)


async def send(
    client: ApiClient,
    body: Any,
    line: str = LOGIN,
    **headers: str,
) -> tuple[int, Any]:
    """Send a body; return the status, and the problem where it is refused."""
    given = {name.replace("_", "-"): text for name, text in headers.items()}
    typed = {"Content-Type": JSON} | given
    response = await client.request(*line.split(), data=body, headers=typed)
    received = await response.read()
    if response.ok:
        return response.status, None
    return response.status, read_problem(response.status, response.headers, received)


@pytest.mark.parametrize("route", BODY_ROUTES, ids=path_of)
async def test_what_is_no_json_is_refused_as_a_whole(
    admin: ApiClient,
    route: Route,
) -> None:
    """The pointer is that of the whole body."""
    for name, body in NO_JSON.items():
        status, problem = await send(admin, body, f"{route.method} {path_of(route)}")
        if len(body) > route.max_bytes:
            assert (name, status) == (name, 413)
            continue

        assert (name, status) == (name, 422)
        assert (name, [it["pointer"] for it in problem["errors"]]) == (name, [""])


@pytest.mark.parametrize("route", BODY_ROUTES, ids=path_of)
async def test_wrong_types_are_pointed_at(admin: ApiClient, route: Route) -> None:
    """No value of any field makes the service fail."""
    assert route.body is not None
    for document in wrongly_typed(route.body):
        body = json.dumps(document).encode()
        status, problem = await send(admin, body, f"{route.method} {path_of(route)}")

        assert status < 500, document
        assert status != 422 or problem["errors"], document


async def statuses(client: ApiClient, packed: Iterable[tuple[str, bytes]]) -> set[int]:
    """Sign in by packed bodies."""
    return {
        (await send(client, body, Content_Encoding=coding))[0]
        for coding, body in packed
    }


async def test_packed_bodies_are_unpacked(client: ApiClient) -> None:
    """23: good ones are read, broken ones are bad bodies, bombs are too large."""
    assert await statuses(client, PACKED.items()) == {401}
    assert await statuses(client, BROKEN_PACKING.values()) == {422}
    assert await statuses(client, BOMBS.items()) == {413}
    assert await statuses(client, ((coding, b"{}") for coding in CODINGS)) == {415}


async def test_only_json_is_read_as_json(client: ApiClient) -> None:
    """19: another content type, or a charset that is not UTF-8, is a 415."""
    for content_type in CONTENT_TYPES:
        status, _ = await send(client, PACKED["identity"], Content_Type=content_type)

        assert (content_type, status) == (content_type, 415)


@pytest.mark.parametrize(
    ("line", "most"),
    [(LOGIN, 4096), (f"POST {API}/users", MIB)],
)
async def test_larger_bodies_are_refused(
    admin: ApiClient,
    line: str,
    most: int,
) -> None:
    """23: whether the length is told or not; 4 KiB where anybody may send something."""
    fits, too_large = (b'"%s"' % (b"a" * size) for size in (most - 2, most - 1))

    assert (await send(admin, fits, line))[0] == 422
    assert (await send(admin, BytesIO(too_large), line))[0] == 413
    assert (await send(admin, in_chunks(too_large), line))[0] == 413
    assert (await send(admin, in_chunks(b"{}"), line))[0] == 422


async def test_one_body_cannot_ask_for_a_long_answer(admin: ApiClient) -> None:
    """Wrong in thousands of places, it is refused in few words."""
    batch = f"POST {API}/users/batch"
    answers = [
        await send(admin, b'{"create": [%s{}]}' % (b"{}," * number), batch)
        for number in (300_000, 2000)
    ]
    names = b",".join(b'"a%d":1' % number for number in range(10_000))
    _, unknown = await send(admin, b"{%s}" % names, f"POST {API}/users")
    pointers = [problem["errors"][0]["pointer"] for _, problem in answers]

    assert pointers == ["", "/create"]
    assert len(unknown["errors"]) == 100


async def in_chunks(body: bytes) -> AsyncIterator[bytes]:
    """Send without telling the length."""
    yield body
