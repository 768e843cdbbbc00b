"""Pages for people, and the counts on the first one."""

import pytest

from tests.api.people import API, ApiClient, make_role, make_user, sign_in


async def test_overview_counts_what_one_may_read(
    admin: ApiClient,
    client: ApiClient,
) -> None:
    """Whoever lacks a permission does not learn how many there are."""
    await make_role(admin, "Reader", "users:read")
    await make_user(admin, "ann", role="Reader")
    await sign_in(client, "ann")
    own = await (await client.get(f"{API}/overview")).json()
    every = await (await admin.get(f"{API}/overview")).json()

    assert own == {"counts": {"users": 2}}
    assert (every["counts"]["users"], every["counts"]["roles"]) == (2, 3)
    assert every["counts"]["sessions"] >= 2


@pytest.mark.parametrize(
    ("path", "kind", "told"),
    [
        ("/docs", "text/html", "swagger-ui-bundle.js"),
        ("/docs/start.js", "text/javascript", "/openapi.json"),
        ("/docs/swagger-ui.css", "text/css", ".swagger-ui"),
        ("/problems", "text/html", "/problems/login-taken"),
        ("/problems/stale", "text/html", "current"),
        ("/metrics", "text/plain", "prilavok_http_request_seconds"),
        ("/openapi.json", "application/json", '"3.1.0"'),
        ("/health", "application/json", "alive"),
    ],
)
async def test_pages_need_no_sign_in(
    client: ApiClient,
    path: str,
    kind: str,
    told: str,
) -> None:
    """They show nothing private."""
    response = await client.get(path)

    assert (response.status, response.content_type) == (200, kind)
    assert told in await response.text()


async def test_start_leads_to_the_documentation(client: ApiClient) -> None:
    """Until there are pages, and an unknown problem is not found."""
    start = await client.get("/", allow_redirects=False)
    unknown = await client.get("/problems/nothing")

    assert (start.status, start.headers["Location"]) == (302, "/docs")
    assert unknown.status == 404
