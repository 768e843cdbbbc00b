"""2: nothing is served that no line declares, and no line forgets its audience."""

from typing import Any, Final

import pytest
from aiohttp.test_utils import TestServer

from prilavok.domain.access import ANYONE
from prilavok.transport.messages import Reply
from prilavok.transport.routes import ROUTES
from prilavok.transport.routing import RouteTable
from tests.api.served import SERVED

# The pages for people, which are no routes of the API and show nothing private.
PAGES: Final = frozenset(
    (
        "/",
        "/docs",
        "/docs/start.js",
        "/docs/swagger-ui-bundle.js",
        "/docs/swagger-ui.css",
        "/metrics",
        "/openapi.json",
        "/problems",
        "/problems/{code}",
    ),
)
PUBLIC: Final = frozenset(
    (
        "POST /api/v1/auth/login",
        "POST /api/v1/auth/token",
        "POST /api/v1/plays",
        "GET /health",
        "POST /health",
        "GET /health/live",
        "GET /health/ready",
    ),
)


def test_nothing_is_public_by_accident() -> None:
    """Public routes are listed by name in this test."""
    public = {f"{it.method} {it.path}" for it in ROUTES if it.allow is ANYONE}

    assert public == PUBLIC


def test_nothing_else_is_served(server: TestServer) -> None:
    """Beside the routes there are the pages that this test names."""
    served = {resource.canonical for resource in server.app.router.resources()}

    assert served - {route.path for route in SERVED} == PAGES


def test_route_without_audience_cannot_be_declared() -> None:
    """It fails where it is written, so that the service cannot start."""
    declare: Any = RouteTable().get

    with pytest.raises(TypeError, match="allow"):
        declare("/secrets")(lambda request, nothing: Reply())
