"""Following something as server-sent events, for as long as anybody listens."""

import asyncio
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Any, Final, final

import orjson
from aiohttp import hdrs, web

from prilavok.domain.errors import Unavailable
from prilavok.transport.draining import DRAINING

MEDIA: Final = "text/event-stream"
# Each holds a connection, and asks the database once a second.
MAX_STREAMS: Final = 100
HEADERS: Final = (
    (hdrs.CONTENT_TYPE, MEDIA),
    (hdrs.CACHE_CONTROL, "no-store"),
    # Or nginx keeps events until it has a buffer full of them.
    ("X-Accel-Buffering", "no"),
)
HEARTBEAT: Final = b": still here\n\n"


@final
@dataclass(slots=True)
class OpenStreams:
    """How many streams this process serves."""

    number: int = 0


STREAMS: Final = web.AppKey("streams", OpenStreams)


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
    """Send events until there are no more, the client leaves, or we stop."""
    streams = request.app[STREAMS]
    if streams.number >= MAX_STREAMS:
        raise Unavailable("Too many clients follow events; ask again soon.")
    streams.number += 1
    response = web.StreamResponse(headers=HEADERS)
    try:
        await response.prepare(request)
        if request.method != hdrs.METH_HEAD:
            await _send(request, response, events)
    except (ConnectionError, asyncio.CancelledError):
        # Nobody listens any more.
        return response
    finally:
        streams.number -= 1
    await response.write_eof()
    return response


async def _send(
    request: web.Request,
    response: web.StreamResponse,
    events: AsyncIterable[Event],
) -> None:
    async for event in events:
        await response.write(event.encode())
        if request.app[DRAINING].is_on or request.transport is None:
            return
