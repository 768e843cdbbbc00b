"""The application as a worker of gunicorn runs it."""

import gc
from typing import Final

from aiohttp import web

from prilavok.app import create_app
from prilavok.settings import Settings
from prilavok.transport.draining import DrainingRunner

# Less than gunicorn waits, so that the stores are left in order before it kills.
SHUTDOWN_SECONDS: Final = 20
KEEP_ALIVE_SECONDS: Final = 75


def make_runner(settings: Settings) -> web.AppRunner:
    """Make this worker's own application."""
    app = create_app(settings)
    app.on_startup.append(_settle)
    return DrainingRunner(
        app,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        shutdown_timeout=SHUTDOWN_SECONDS,
    )


async def _settle(app: web.Application) -> None:
    """Keep what was loaded by now out of every later garbage collection."""
    gc.collect()
    gc.freeze()
