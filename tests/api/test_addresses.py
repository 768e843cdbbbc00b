"""1, 41: what is declared is served at its exact address and by its methods only."""

from collections import defaultdict
from typing import Final

import pytest
from aiohttp.test_utils import TestServer

from tests.api.bad_addresses import NOT_IDS, misspelled
from tests.api.people import ADMIN_LOGIN, API, PASSWORD, ApiClient
from tests.api.raw import one_request, send_raw
from tests.api.served import SERVED, path_of

METHODS: Final = frozenset(
    ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"),
)

ID_ROUTES: Final = tuple(route for route in SERVED if "{id}" in route.path)
READS: Final = frozenset(("GET", "HEAD"))


@pytest.fixture
async def bearer(admin: ApiClient) -> str:
    """Be an administrator by a header line."""
    credentials = {"login": ADMIN_LOGIN, "password": PASSWORD}
    issued = await (await admin.post(f"{API}/auth/token", json=credentials)).json()
    return f"Authorization: Bearer {issued['access_token']}"


async def test_no_address_is_served_in_another_spelling(
    server: TestServer,
    bearer: str,
) -> None:
    """Each is unknown, also to an administrator."""
    for route in SERVED:
        for spelling in misspelled(path_of(route)):
            answer = await send_raw(server, one_request(f"GET {spelling}", bearer))

            assert answer.status in {400, 404}, spelling
            answer.problem()


async def test_what_is_no_id_is_an_unknown_address(
    server: TestServer,
    bearer: str,
) -> None:
    """By every method; a colon or a brace opens no door."""
    for route in ID_ROUTES:
        for not_id in NOT_IDS:
            address = path_of(route, not_id)
            line = f"{route.method} {address}"
            answer = await send_raw(server, one_request(line, bearer))

            assert answer.status in {400, 404, 405}, line
            answer.problem()


async def test_other_methods_are_refused_with_those_allowed(
    client: ApiClient,
) -> None:
    """405 for anybody, with ``Allow``; TRACE and OPTIONS are nowhere."""
    declared = defaultdict[str, set[str]](set)
    for route in SERVED:
        declared[path_of(route)].add(route.method)
    for path, methods in declared.items():
        allowed = methods | READS if "GET" in methods else methods
        for method in METHODS - allowed:
            refused = await client.request(method, path)

            assert (method, path, refused.status) == (method, path, 405)
            assert set(refused.headers["Allow"].split(",")) == allowed
