"""Refusals before any middleware, in the same form as all others.

What is no HTTP request aiohttp answers itself: with plain text that repeats what came
(a cookie, perhaps) and names aiohttp's version, and with the same in the log.
"""

import logging
from asyncio import Task, Transport, create_task
from functools import partial
from types import MappingProxyType
from typing import Any, Final, final
from uuid import uuid4

from aiohttp import hdrs, web
from aiohttp.http_exceptions import ContentEncodingError, HttpProcessingError
from aiohttp.typedefs import Handler
from typing_extensions import override

from prilavok.transport.bodies import CODINGS, check_expectation, take_expectation
from prilavok.transport.keys import WRITE_SECONDS
from prilavok.transport.middlewares.request_id import REQUEST_ID
from prilavok.transport.middlewares.security_headers import guard
from prilavok.transport.problems import problem_for
from prilavok.transport.write_deadline import Wire, watch_writes

logger = logging.getLogger(__name__)
# How long an idle connection stays open, and how long the rest of a refused body is
# read, so that the refusal is not lost.
LIMITS: Final = MappingProxyType[str, Any](
    {"keepalive_timeout": 75, "lingering_time": 5},
)
CLIENTS_DOING: Final = (web.RequestPayloadError, ConnectionError)


class GuardedRunner(web.AppRunner):
    """Runs an application; whatever is refused, the answer is a problem document."""

    def __init__(self, app: web.Application, **options: Any) -> None:
        """Take aiohttp's options; connections are kept for less long by default."""
        super().__init__(app, **(LIMITS | options))
        self._watch: Task[None] | None = None

    @override
    async def cleanup(self) -> None:
        """Stop; until all connections are closed none may stay unread for ever."""
        await super().cleanup()
        if self._watch is not None:
            self._watch.cancel()

    @override
    async def _make_server(self) -> web.Server:
        plain = await super()._make_server()
        server = GuardedServer(
            partial(answer, plain.request_handler),
            request_factory=partial(take_expectation, plain.request_factory),
            **self._kwargs,
        )
        watching = watch_writes(server.wires.values, self.app[WRITE_SECONDS])
        self._watch = create_task(watching)
        return server


@final
class GuardedServer(web.Server):
    """Gives every connection a handler of ours, and knows their sending sides."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Start without connections."""
        super().__init__(*args, **options)
        self.wires: dict[web.RequestHandler, Wire] = {}

    @override
    def __call__(self) -> web.RequestHandler:
        """Take one more connection."""
        return GuardedHandler(self, loop=self._loop, **self._kwargs)

    @override
    def connection_made(
        self,
        handler: web.RequestHandler,
        transport: Transport,
    ) -> None:
        """Begin to watch what is sent."""
        super().connection_made(handler, transport)
        self.wires[handler] = Wire(transport)

    @override
    def connection_lost(self, handler: web.RequestHandler, *args: Any) -> None:
        """Forget the connection."""
        super().connection_lost(handler, *args)
        self.wires.pop(handler, None)


@final
class GuardedHandler(web.RequestHandler):
    """One connection."""

    @override
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Refuse in words of ours and close the connection.

        Raises ``ConnectionError`` when part of an answer is on its way: anything more
        would look like the rest of it.
        """
        if request.writer.output_size > 0:
            logger.error("answer broken off", exc_info=exc)
            raise ConnectionError("Part of the answer has been sent already.")
        response = refuse(request, _cause(exc))
        response.force_close()
        return response

    @override
    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Log faults of ours; a body that a client has broken off is none."""
        if not isinstance(kw.get("exc_info"), CLIENTS_DOING):
            super().log_exception(*args, **kw)


async def answer(handler: Handler, request: web.Request) -> web.StreamResponse:
    """Handle a request, unless it expects what nobody does."""
    try:
        check_expectation(request)
        return await handler(request)
    except web.HTTPError as error:
        return refuse(request, error)


def refuse(request: web.BaseRequest, error: Exception) -> web.Response:
    """Write the problem document of a request that no middleware has seen."""
    request_id = uuid4().hex
    logger.info(
        "refused",
        extra={
            "address": request.remote,
            "reason": type(error).__name__,
            "request_id": request_id,
        },
    )
    response = problem_for(error).response(request_id)
    response.headers[REQUEST_ID] = request_id
    guard(response)
    return response


def _cause(error: BaseException | None) -> Exception:
    if isinstance(error, ContentEncodingError):
        told = {hdrs.ACCEPT_ENCODING: ", ".join(CODINGS)}
        return web.HTTPUnsupportedMediaType(headers=told)
    if isinstance(error, HttpProcessingError):
        return web.HTTPBadRequest()
    return error if isinstance(error, Exception) else RuntimeError("no answer in time")
