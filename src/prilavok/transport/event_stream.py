"""Following something as server-sent events, for as long as anybody listens."""

import asyncio
import logging
from collections.abc import AsyncIterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, final

import orjson
from aiohttp import hdrs, web

from prilavok.domain.errors import (
    Forbidden,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from prilavok.transport.draining import DRAINING
from prilavok.transport.kept_access import kept_access
from prilavok.transport.keys import ACTOR
from prilavok.transport.user_slots import UserSlots

logger = logging.getLogger(__name__)
MEDIA: Final = "text/event-stream"
# Each holds a connection, and asks the database once a second.
MAX_STREAMS: Final = 100
MAX_STREAMS_PER_USER: Final = 10
HEADERS: Final = (
    (hdrs.CONTENT_TYPE, MEDIA),
    (hdrs.CACHE_CONTROL, "no-store"),
    # Or nginx keeps events until it has a buffer full of them.
    ("X-Accel-Buffering", "no"),
)
HEARTBEAT: Final = b": still here\n\n"


STREAMS: Final = web.AppKey("streams", UserSlots)


@final
@dataclass(frozen=True, slots=True)
class Event:
    """What has happened; without a name it is a heartbeat."""

    name: str = ""
    document: Any = None

    def encode(self) -> bytes:
        """Write it as the stream has it."""
        if not self.name:
            return HEARTBEAT
        return b"event: %b\ndata: %b\n\n" % (
            self.name.encode(),
            orjson.dumps(self.document),
        )


async def send_events(
    request: web.Request,
    events: AsyncIterable[Event],
) -> web.StreamResponse:
    """Send events until they or the access end, the client leaves, or we stop."""
    with _one_stream(request):
        response = web.StreamResponse(headers=HEADERS)
        try:
            await response.prepare(request)
            await _send_while_admitted(request, response, events)
        except (ConnectionError, asyncio.CancelledError):
            # Nobody listens any more.
            return response
        await response.write_eof()
    return response


def _one_stream(request: web.Request) -> AbstractContextManager[None]:
    slots = request.app[STREAMS]
    if slots.number >= MAX_STREAMS:
        raise Unavailable("Too many clients follow events; ask again soon.")
    refusal = TooManyRequests(
        f"You follow {MAX_STREAMS_PER_USER} streams of events; close one first.",
    )
    return slots.one_more(request[ACTOR].user_id, MAX_STREAMS_PER_USER, refusal)


async def _send_while_admitted(
    request: web.Request,
    response: web.StreamResponse,
    events: AsyncIterable[Event],
) -> None:
    if request.method == hdrs.METH_HEAD:
        return
    try:
        async with kept_access(request) as access:
            with access.during():
                await _send(request, response, events)
    except (Unauthenticated, Forbidden):
        # The stream ends: who reconnects is told why.
        logger.info("events end, as access was lost")


async def _send(
    request: web.Request,
    response: web.StreamResponse,
    events: AsyncIterable[Event],
) -> None:
    async for event in events:
        await response.write(event.encode())
        if request.app[DRAINING].is_on or request.transport is None:
            return
