"""Following something as server-sent events, for as long as anybody listens."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, final
from uuid import UUID

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


@final
class OpenStreams:
    """The streams that this process serves, by user."""

    def __init__(self) -> None:
        """Start with none."""
        self._by_user: Counter[UUID | None] = Counter()

    @property
    def number(self) -> int:
        """Count all of them."""
        return self._by_user.total()

    @contextmanager
    def one_more(self, user_id: UUID | None) -> Iterator[None]:
        """Count a stream while the block runs, or refuse it."""
        if self._by_user[user_id] >= MAX_STREAMS_PER_USER:
            raise TooManyRequests(
                f"You follow {MAX_STREAMS_PER_USER} streams of events already; "
                "close one first.",
            )
        if self.number >= MAX_STREAMS:
            raise Unavailable("Too many clients follow events; ask again soon.")
        self._by_user[user_id] += 1
        try:
            yield
        finally:
            self._by_user[user_id] -= 1
            # Forget users without streams.
            self._by_user += Counter()


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
    """Send events until they or the access end, the client leaves, or we stop."""
    with request.app[STREAMS].one_more(request[ACTOR].user_id):
        response = web.StreamResponse(headers=HEADERS)
        try:
            await response.prepare(request)
            async with kept_access(request) as access:
                with access.during():
                    await _send(request, response, events)
        except (Unauthenticated, Forbidden):
            # The stream ends: who reconnects is told why.
            logger.info("events end, as access was lost")
        except (ConnectionError, asyncio.CancelledError):
            # Nobody listens any more.
            return response
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
