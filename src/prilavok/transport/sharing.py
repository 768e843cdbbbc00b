"""Answers that pages of other origins may read (CORS), always without credentials."""

from typing import Final

from aiohttp import hdrs, web

from prilavok.transport.cross_site import CrossSite
from prilavok.transport.idempotency import IDEMPOTENCY_KEY
from prilavok.transport.keys import IS_SHARED, SITE

READABLE: Final = f"{hdrs.RETRY_AFTER}, X-Request-Id"
SENDABLE: Final = f"{hdrs.CONTENT_TYPE}, {IDEMPOTENCY_KEY}"
# How long browsers may remember a permission, in seconds.
REMEMBERED: Final = "600"


async def share_answer(request: web.Request, response: web.StreamResponse) -> None:
    """Let a page of an origin that is named in the settings read the answer."""
    if not request.get(IS_SHARED, False):
        return
    headers = response.headers
    headers[hdrs.VARY] = hdrs.ORIGIN
    origin = request.headers.get(hdrs.ORIGIN)
    if origin in request.app[SITE].shared_with:
        headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = READABLE


async def answer_preflight(request: web.Request) -> web.Response:
    """Tell a browser whether a page may send us what it wants to."""
    request[IS_SHARED] = True
    is_known = request.headers.get(hdrs.ORIGIN) in request.app[SITE].shared_with
    wanted = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_METHOD)
    if not is_known or wanted != hdrs.METH_POST:
        raise CrossSite("Pages of this origin may not send this.")
    return web.Response(
        status=web.HTTPNoContent.status_code,
        headers={
            hdrs.ACCESS_CONTROL_ALLOW_METHODS: hdrs.METH_POST,
            hdrs.ACCESS_CONTROL_ALLOW_HEADERS: SENDABLE,
            hdrs.ACCESS_CONTROL_MAX_AGE: REMEMBERED,
        },
    )
