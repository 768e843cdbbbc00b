"""19, 20: what another site makes a browser send is refused."""

from typing import Final

import pytest
from aiohttp import ClientResponse

from tests.api.people import ADMIN_LOGIN, API, PASSWORD, ApiClient
from tests.api.problem_checks import read_problem

CREDENTIALS: Final = {"login": ADMIN_LOGIN, "password": PASSWORD}
FOREIGN: Final = (
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "http://evil.example/http://127.0.0.1"},
    {"Origin": "file://"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
)


def shared(response: ClientResponse) -> list[str]:
    """List the headers that would show an answer to another site."""
    headers = response.headers
    return [name for name in headers if name.startswith("Access-Control")]


def own_origin(client: ApiClient) -> str:
    """Name the site as the browser sees it."""
    return str(client.make_url("/").origin())


async def test_foreign_writes_are_refused(admin: ApiClient) -> None:
    """403 whatever the content type, before the body is read, public or not."""
    for headers in FOREIGN:
        for path in ("users", "auth/password", "auth/logout", "auth/login"):
            for content_type in ("application/json", "text/plain"):
                typed = headers | {"Content-Type": content_type}
                response = await admin.post(f"{API}/{path}", data=b"{", headers=typed)
                received = await response.read()
                problem = read_problem(response.status, response.headers, received)

                assert (headers, path, problem["code"]) == (headers, path, "cross-site")
    assert (await admin.get(f"{API}/auth/me")).status == 200


async def test_own_pages_and_programs_may_write(admin: ApiClient) -> None:
    """The same origin, the address bar, or no word about it."""
    own = own_origin(admin)
    for headers in (
        {},
        {"Origin": own},
        {"Origin": own, "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ):
        response = await admin.post(f"{API}/users", json={}, headers=headers)

        assert (headers, response.status) == (headers, 422)


async def test_foreign_reads_change_nothing_and_stay_unread(admin: ApiClient) -> None:
    """A GET is answered, and no header lets the other site see the answer."""
    for headers in FOREIGN:
        response = await admin.get(f"{API}/users", headers=headers)

        assert response.status == 200
        assert not shared(response)
    preflight = await admin.options(
        f"{API}/users",
        headers={
            "Origin": "http://evil.example",
            "Access-Control-Request-Method": "PUT",
        },
    )
    assert preflight.status == 405
    assert not shared(preflight)


async def test_token_may_come_from_anywhere(client: ApiClient) -> None:
    """20: no browser sends it by itself."""
    issued = await (await client.post(f"{API}/auth/token", json=CREDENTIALS)).json()
    bearer = {"Authorization": f"Bearer {issued['access_token']}"}
    for headers in FOREIGN:
        response = await client.post(f"{API}/users", json={}, headers=headers | bearer)

        assert response.status == 422


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data"])
async def test_forms_of_browsers_are_no_json(
    admin: ApiClient,
    content_type: str,
) -> None:
    """What a form can send without asking first is never read."""
    headers = {"Content-Type": content_type}
    response = await admin.post(f"{API}/users", data=b"{}", headers=headers)

    assert response.status == 415
