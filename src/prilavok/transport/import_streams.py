"""What clients get of an import piece by piece."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Final

from aiohttp import web

from prilavok.domain.errors import Unavailable
from prilavok.domain.import_jobs import ListRejected
from prilavok.domain.imports import Import, UnknownImport
from prilavok.schemas.dump import compiled_dump
from prilavok.schemas.imports import ImportSchema
from prilavok.services.log_analytics.log_services import LogServices
from prilavok.transport.event_stream import Event
from prilavok.transport.keys import SERVICES
from prilavok.transport.paths import path_id

logger = logging.getLogger(__name__)
POLL_SECONDS: Final = 1
STRETCH_LINES: Final = 1000


def logs_of(request: web.Request) -> LogServices:
    """Find the services of logs."""
    return request.app[SERVICES].logs


async def stream_rejected(
    request: web.Request,
    query: ListRejected,
) -> AsyncIterator[str]:
    """Yield all rejected lines from the cursor on, some at a time."""
    imports, import_id = logs_of(request).imports, path_id(request)
    after: int | None = query.after
    while after is not None:
        wanted = ListRejected(after, STRETCH_LINES)
        found = await imports.find_rejected(import_id, wanted)
        yield "".join(f"{one.line}\t{one.reason}\t{one.text}\n" for one in found.items)
        after = None if found.next is None else int(found.next)


async def events_of(request: web.Request, first: Import) -> AsyncIterator[Event]:
    """Look at the row once a second: it may be written by any process."""
    dump = compiled_dump(ImportSchema())
    shown, now = None, first
    while not now.has_ended:
        changed = now != shown
        yield Event("progress", dump(now)) if changed else Event()
        shown = now
        await asyncio.sleep(POLL_SECONDS)
        try:
            now = await logs_of(request).imports.get(first.id)
        except UnknownImport:
            break
        except Unavailable as error:
            # The database is back soon, or the client gives up.
            logger.warning("not followed", extra={"error": error.detail})
    yield Event("end", dump(now))
