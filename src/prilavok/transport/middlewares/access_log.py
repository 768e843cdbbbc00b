"""One log line a request: who, what, how long; never a raw path or query."""

import logging
from http import HTTPStatus
from time import perf_counter
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import Histogram

from prilavok.transport.attendance import CLIENT_LEFT, has_left
from prilavok.transport.keys import ACTOR, ROUTE

logger = logging.getLogger(__name__)
MILLISECONDS: Final = 1000
DURATION: Final = Histogram(
    "prilavok_http_request_seconds",
    "Time from a request's headers to the end of its answer.",
    ("method", "route", "status"),
)
KNOWN_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"))


@web.middleware
async def access_log_middleware(
    request: web.Request,
    handler: Handler,
) -> web.StreamResponse:
    """Measure and log the request, also one that ends without an answer."""
    started = perf_counter()
    response: web.StreamResponse | None = None
    try:
        response = await handler(request)
    except web.HTTPException as redirection:
        response = redirection
        raise
    finally:
        _record(request, _status(request, response), perf_counter() - started)
    return response


def _status(request: web.Request, response: web.StreamResponse | None) -> int:
    """Tell how it ended; a stream that was sent whole has ended well."""
    is_sent = response is not None and response.prepared
    if has_left(request) and not is_sent:
        return CLIENT_LEFT
    if response is None:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return response.status


def _record(request: web.Request, status: int, seconds: float) -> None:
    method = request.method if request.method in KNOWN_METHODS else "other"
    route = request.get(ROUTE, "unknown")
    DURATION.labels(method, route, status).observe(seconds)
    actor = request[ACTOR]
    logger.info(
        "request",
        extra={
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(seconds * MILLISECONDS, 1),
            "user_id": str(actor.user_id) if actor.user_id else None,
            "address": actor.address,
        },
    )
