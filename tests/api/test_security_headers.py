"""38, 41: what every answer says to browsers, and what none says of its maker."""

from typing import Final

from aiohttp.test_utils import TestServer

from tests.api.people import API, ApiClient
from tests.api.problem_checks import check_guards
from tests.api.raw import one_request, send_raw

LINES: Final = (
    "GET /",
    "GET /docs",
    "GET /docs/start.js",
    "GET /docs/swagger-ui.css",
    "GET /openapi.json",
    "GET /problems",
    "GET /metrics",
    "GET /health",
    "HEAD /health",
    "GET /nowhere",
    "POST /docs",
    "TRACE /",
    "TRACE /api/v1/users",
    "OPTIONS /api/v1/users",
    "GET /api/v1/users",
    "POST /api/v1/auth/login",
    "BREW /",
)
VERSIONS: Final = ("aiohttp", "Python", "gunicorn", "uvloop")


async def test_every_answer_is_guarded(server: TestServer) -> None:
    """Pages, files, refusals and what is no HTTP at all; nothing names a version."""
    for line in LINES:
        answer = await send_raw(server, one_request(line))

        check_guards(dict(answer.headers))
        named = [name for name in VERSIONS if name in str(answer.headers)]
        assert (line, named) == (line, [])


async def test_streams_are_guarded_and_private(admin: ApiClient) -> None:
    """A list as CSV is saved under our name for it, and kept by no cache."""
    streamed = await admin.get(f"{API}/users", headers={"Accept": "text/csv"})
    listed = await admin.get(f"{API}/users")

    check_guards(streamed.headers)
    assert streamed.headers["Content-Disposition"] == 'attachment; filename="users.csv"'
    assert streamed.content_type == "text/csv"
    for answer in (streamed, listed):
        assert answer.headers["Cache-Control"] == "no-store"


async def test_policy_lets_nothing_foreign_in(client: ApiClient) -> None:
    """No objects, no base, no frames, and scripts from here only."""
    policy = (await client.get("/docs")).headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert rules["default-src"] == "'self'"
    assert {rules[name] for name in ("object-src", "base-uri", "frame-ancestors")} == {
        "'none'",
    }
    assert "script-src" not in rules
