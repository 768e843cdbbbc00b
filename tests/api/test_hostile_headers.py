"""22: no header gives a 5xx, and none opens a door."""

from typing import Final

import pytest
from aiohttp.test_utils import TestServer

from tests.api.bad_headers import IGNORED, bad_cookies, bad_tokens
from tests.api.people import ADMIN_LOGIN, API, PASSWORD, ApiClient, make_user
from tests.api.problem_checks import read_problem
from tests.api.raw import one_request, send_raw

USERS: Final = f"GET {API}/users"
TAGS: Final = (
    "",
    '"',
    '"0"',
    "0",
    '"-1"',
    "a b",
    '"99999999999999999999"',
    ",,,",
    "é",
)
EXPECTED: Final = "Expect: the unexpected"


@pytest.fixture
async def token(admin: ApiClient) -> str:
    """Be an administrator by a token."""
    credentials = {"login": ADMIN_LOGIN, "password": PASSWORD}
    issued = await (await admin.post(f"{API}/auth/token", json=credentials)).json()
    return str(issued["access_token"])


def cookie_of(client: ApiClient) -> str:
    """Look into the browser."""
    return {it.key: it.value for it in client.session.cookie_jar}["prilavok_session"]


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
async def test_bad_tokens_are_worth_nothing(
    server: TestServer,
    admin: ApiClient,
    token: str,
) -> None:
    """401, also where a good cookie comes along: the token wins."""
    cookie = f"Cookie: prilavok_session={cookie_of(admin)}"
    for bad in bad_tokens(token):
        header = f"Authorization: Bearer {bad}"
        answer = await send_raw(server, one_request(USERS, header, cookie))

        assert (bad, answer.status) == (bad, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.problem()["code"] == "unauthenticated"


async def test_other_schemes_are_refused(server: TestServer, token: str) -> None:
    """Only Bearer is understood, in any case."""
    for scheme in ("", "Basic", "Token", "Negotiate", "\udcff", "Bearer,"):
        header = f"Authorization: {scheme} {token}"
        answer = await send_raw(server, one_request(USERS, header))

        assert (scheme, answer.status) == (scheme, 401)
    good = await send_raw(server, one_request(USERS, f"Authorization: bEARER {token}"))
    assert good.status == 200


async def test_bad_cookies_are_worth_nothing(
    server: TestServer,
    admin: ApiClient,
) -> None:
    """401 for each, and the genuine one still works."""
    genuine = cookie_of(admin)
    for bad in bad_cookies(genuine):
        cookie = f"Cookie: a=b; prilavok_session={bad}; c"
        answer = await send_raw(server, one_request(USERS, cookie))

        assert (bad, answer.status) == (bad, 401)
        answer.problem()
    me = await admin.get(f"{API}/auth/me")
    assert me.status == 200


async def test_meaningless_headers_are_ignored(server: TestServer, token: str) -> None:
    """The answer is the same as without them."""
    bearer = f"Authorization: Bearer {token}"
    plain = await send_raw(server, one_request(USERS, bearer))
    for header in IGNORED:
        answer = await send_raw(server, one_request(USERS, bearer, header))

        assert (header, answer.status) == (header, 200)
        assert answer.body == plain.body


async def test_only_a_matching_tag_matches(admin: ApiClient) -> None:
    """44: garbage in ``If-Match`` is a version that does not stand."""
    ann = await make_user(admin, "ann")
    for tag in TAGS:
        stale = await admin.patch(
            f"{API}/users/{ann['id']}",
            json={"first_name": "Anna"},
            headers={"If-Match": tag},
        )
        problem = read_problem(stale.status, stale.headers, await stale.read())

        assert (tag, stale.status, problem["current"]) == (tag, 412, ann["version"])


async def test_unknown_expectation_is_a_problem(server: TestServer) -> None:
    """417, wherever it is sent."""
    for line in (USERS, "GET /nowhere", "GET /docs"):
        answer = await send_raw(server, one_request(line, EXPECTED))

        assert answer.status == 417
        assert answer.problem()["code"] == "expectation-failed"


async def test_request_id_of_a_stranger_is_not_taken(client: ApiClient) -> None:
    """42: ours is made new, so that nobody writes into the log."""
    for given in ("mine", "a\tb", "é", "%0a", "a" * 5000):
        answer = await client.get("/health", headers={"X-Request-Id": given})

        assert len(answer.headers["X-Request-Id"]) == 32
        assert answer.headers["X-Request-Id"] != given
