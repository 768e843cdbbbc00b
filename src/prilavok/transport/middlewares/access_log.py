"""One log line a request: who, what, how long; never a raw path or query."""

import logging
from time import perf_counter
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import Histogram

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
    """Measure and log the request."""
    started = perf_counter()
    response = await handler(request)
    seconds = perf_counter() - started
    method = request.method if request.method in KNOWN_METHODS else "other"
    route = request.get(ROUTE, "unknown")
    DURATION.labels(method, route, response.status).observe(seconds)
    actor = request[ACTOR]
    logger.info(
        "request",
        extra={
            "method": method,
            "route": route,
            "status": response.status,
            "milliseconds": round(seconds * MILLISECONDS, 1),
            "user_id": str(actor.user_id) if actor.user_id else None,
            "address": actor.address,
        },
    )
    return response
