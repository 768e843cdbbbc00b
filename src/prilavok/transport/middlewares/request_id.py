"""Outermost: every request has an id and an address that all layers share."""

from ipaddress import IPv6Address, ip_address
from re import compile as pattern
from typing import Final
from uuid import uuid4

from aiohttp import web
from aiohttp.typedefs import Handler
from structlog.contextvars import bound_contextvars

from prilavok.domain.access import Actor
from prilavok.transport.keys import ACTOR, SITE, Site

REQUEST_ID: Final = "X-Request-Id"
FORWARDED_FOR: Final = "X-Forwarded-For"
GIVEN_ID: Final = pattern(r"[A-Za-z0-9._-]{1,64}\Z")


@web.middleware
async def request_id_middleware(
    request: web.Request,
    handler: Handler,
) -> web.StreamResponse:
    """Start with a nameless actor; the session replaces it by the user."""
    site = request.app[SITE]
    trusted = _is_trusted(request.remote, site)
    request_id = _given_id(request) if trusted else None
    actor = Actor(
        request_id=request_id or uuid4().hex,
        address=_address(request, site) if trusted else request.remote or "",
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


def _address(request: web.Request, site: Site) -> str:
    """Find the client: the last address that no proxy of ours has written itself.

    Addresses further left are whatever the client says.
    """
    hops = ",".join(request.headers.getall(FORWARDED_FOR, ())).split(",")
    for hop in map(str.strip, reversed(hops)):
        if not _is_trusted(hop, site):
            return hop if _is_address(hop) else request.remote or ""
    return request.remote or ""


def _is_trusted(address: str | None, site: Site) -> bool:
    if address is None or not _is_address(address):
        return False
    parsed = ip_address(address)
    # An IPv4 proxy as a socket that listens on both protocols shows it.
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in site.trusted_proxies)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
