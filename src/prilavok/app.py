"""Composition root: the web application on the services that assembly/ builds."""

from asyncio import Lock
from collections.abc import AsyncIterator
from functools import partial
from typing import Final

from aiohttp import web
from aiohttp_session import setup as setup_sessions
from argon2 import PasswordHasher

from prilavok.assembly.services import open_services
from prilavok.settings import Settings
from prilavok.transport.downloads import DOWNLOADS
from prilavok.transport.draining import DRAINING, Draining, draining_middleware
from prilavok.transport.event_stream import STREAMS
from prilavok.transport.handlers.pages import add_pages
from prilavok.transport.keys import (
    BODY_SECONDS,
    IMPORT_MAX_BYTES,
    SERVICES,
    SITE,
    WRITE_SECONDS,
    Site,
)
from prilavok.transport.messages import LARGE_BODIES
from prilavok.transport.middlewares.access_log import access_log_middleware
from prilavok.transport.middlewares.errors import problem_middleware
from prilavok.transport.middlewares.request_id import (
    request_id_middleware,
    tell_request_id,
)
from prilavok.transport.middlewares.security_headers import add_security_headers
from prilavok.transport.routes import ROUTES
from prilavok.transport.session import TicketStorage
from prilavok.transport.sharing import share_answer
from prilavok.transport.user_slots import UserSlots

# With what lingers afterwards, a slow client holds a connection for under 30 s.
MAX_BODY_SECONDS: Final = 20
MAX_WRITE_SECONDS: Final = 30


def create_app(
    settings: Settings,
    hasher: PasswordHasher | None = None,
) -> web.Application:
    """Assemble the application; it connects when it starts."""
    app = web.Application(
        middlewares=[
            draining_middleware,
            request_id_middleware,
            access_log_middleware,
        ],
    )
    app[DRAINING] = Draining()
    app[BODY_SECONDS] = MAX_BODY_SECONDS
    app[WRITE_SECONDS] = MAX_WRITE_SECONDS
    app[STREAMS] = UserSlots()
    app[LARGE_BODIES] = Lock()
    app[DOWNLOADS] = UserSlots()
    app[IMPORT_MAX_BYTES] = settings.import_max_bytes
    app[SITE] = Site(
        settings.public_url,
        settings.trusted_proxies,
        settings.metrics_allowed,
        frozenset(settings.game_origins),
    )
    setup_sessions(app, TicketStorage(is_secure=app[SITE].is_secure))
    app.middlewares.append(problem_middleware)
    app.on_response_prepare.append(tell_request_id)
    app.on_response_prepare.append(add_security_headers)
    app.on_response_prepare.append(share_answer)
    app.cleanup_ctx.append(partial(_serve, settings, hasher))
    for route in ROUTES:
        route.register(app)
    add_pages(app)
    return app


async def _serve(
    settings: Settings,
    hasher: PasswordHasher | None,
    app: web.Application,
) -> AsyncIterator[None]:
    async with open_services(settings, hasher) as services:
        app[SERVICES] = services
        async with services.preparation.under_way():
            yield
