"""Outermost: every request has an id and an address that all layers share."""

from re import compile as pattern
from typing import Final
from uuid import uuid4

from aiohttp import web
from aiohttp.typedefs import Handler
from structlog.contextvars import bound_contextvars

from prilavok.domain.access import Actor
from prilavok.transport.forwarded import is_from_proxy, sender_of
from prilavok.transport.keys import ACTOR, SITE

REQUEST_ID: Final = "X-Request-Id"
GIVEN_ID: Final = pattern(r"[A-Za-z0-9._-]{1,64}\Z")


@web.middleware
async def request_id_middleware(
    request: web.Request,
    handler: Handler,
) -> web.StreamResponse:
    """Start with a nameless actor; the session replaces it by the user."""
    site = request.app[SITE]
    request_id = _given_id(request) if is_from_proxy(request, site) else None
    actor = Actor(
        request_id=request_id or uuid4().hex,
        address=sender_of(request, site),
    )
    request[ACTOR] = actor
    with bound_contextvars(request_id=actor.request_id):
        return await handler(request)


async def tell_request_id(
    request: web.Request,
    response: web.StreamResponse,
) -> None:
    """Name the request in its answer; a signal reaches streams as well."""
    actor = request.get(ACTOR)
    if actor is not None:
        response.headers[REQUEST_ID] = actor.request_id


def _given_id(request: web.Request) -> str | None:
    given = request.headers.get(REQUEST_ID, "")
    return given if GIVEN_ID.match(given) else None
