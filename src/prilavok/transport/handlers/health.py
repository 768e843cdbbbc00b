"""Whether this process lives, and whether it can serve."""

from asyncio import to_thread
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, final

from aiohttp import hdrs, web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from prilavok.domain.access import ANYONE, SIGNED_IN
from prilavok.domain.errors import Forbidden
from prilavok.schemas import service as schemas
from prilavok.schemas.base import NoInput
from prilavok.transport.forwarded import read_address
from prilavok.transport.keys import ACTOR, SERVICES, SITE
from prilavok.transport.messages import Reply
from prilavok.transport.routing import RouteTable

table: Final = RouteTable()
service_table: Final = RouteTable("")


@final
@dataclass(frozen=True, slots=True)
class Liveness:
    """A sign of life."""

    status: str = "alive"


ALIVE: Final = Reply(Liveness())


@service_table.get("/health", allow=ANYONE, answer=schemas.LivenessSchema())
async def show_health(request: web.Request, nothing: NoInput) -> Reply:
    """Give a sign of life, asking nobody."""
    return ALIVE


@service_table.post(
    "/health",
    allow=ANYONE,
    answer=schemas.LivenessSchema(),
    status=HTTPStatus.OK,
)
async def post_health(request: web.Request, nothing: NoInput) -> Reply:
    """Give a sign of life, for probes that can only post."""
    return ALIVE


@service_table.get("/health/live", allow=ANYONE, answer=schemas.LivenessSchema())
async def show_liveness(request: web.Request, nothing: NoInput) -> Reply:
    """Give a sign of life, asking nobody."""
    return ALIVE


@service_table.get("/health/ready", allow=ANYONE, answer=schemas.ReadinessSchema())
async def show_readiness(request: web.Request, nothing: NoInput) -> Reply:
    """Tell of each dependency whether it answers; 503 when a needed one does not."""
    readiness = await request.app[SERVICES].health.check()
    status = HTTPStatus.OK if readiness.ok else HTTPStatus.SERVICE_UNAVAILABLE
    return Reply(readiness, status=status)


@table.get("/overview", allow=SIGNED_IN, answer=schemas.OverviewSchema())
async def show_overview(request: web.Request, nothing: NoInput) -> Reply:
    """Count what there is, of that only what one may read."""
    return Reply(await request.app[SERVICES].overview.count(request[ACTOR]))


async def show_metrics(request: web.Request) -> web.Response:
    """Show this process's counters to Prometheus, from networks that may see them.

    In a thread: writing hundreds of histograms takes longer than the loop should wait.
    """
    address = read_address(request[ACTOR].address)
    allowed = request.app[SITE].metrics_allowed
    if address is None or not any(address in network for network in allowed):
        raise Forbidden("METRICS_ALLOWED does not name your address.")
    return web.Response(
        body=await to_thread(generate_latest),
        headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST},
    )
