"""How a provider behaves today."""

import asyncio
import struct
from enum import StrEnum, unique
from http import HTTPStatus
from socket import SO_LINGER, SOL_SOCKET
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

# Closing then sends RST instead of FIN.
AT_ONCE: Final = struct.pack("ii", 1, 0)
GARBAGE: Final = bytes(range(256)) * 4
HTML: Final = b"<!doctype html><title>Welcome to our hotel</title>"
HUGE: Final = b'{"email": "%s"}' % (b"x" * 10_000_000)


@unique
class Mode(StrEnum):
    """What comes instead of an answer, or after the work was done."""

    OK = "ok"
    FAILS = "500"
    LIMITED = "429"
    HANGS = "hang"
    GARBAGE = "garbage"
    RESET = "reset"
    LOST = "201_then_lost"
    HTML = "html"
    HUGE = "huge"
    ODD = "odd"
    REDIRECTS = "redirects"
    HANGS_MIDWAY = "hangs_midway"


async def answer_in_mode(
    mode: Mode,
    headers: dict[str, str],
    request: web.Request,
    handler: Handler,
) -> web.StreamResponse:
    """Answer as the mode wants it; ``headers`` come with refusals."""
    if mode is Mode.OK:
        return await handler(request)
    if mode is Mode.LOST:
        answer = await handler(request)
        return answer if request.method == "GET" else _reset(request)
    if mode is Mode.RESET:
        return _reset(request)
    if mode is Mode.HANGS:
        await asyncio.Event().wait()
    if mode is Mode.HANGS_MIDWAY:
        return await _hang_midway(request)
    return _canned(mode, headers, request)


def _canned(mode: Mode, headers: dict[str, str], request: web.Request) -> web.Response:
    good = HTTPStatus.CREATED if request.method == "POST" else HTTPStatus.OK
    status, body = {
        Mode.FAILS: (HTTPStatus.INTERNAL_SERVER_ERROR, b"oops"),
        Mode.LIMITED: (HTTPStatus.TOO_MANY_REQUESTS, b"slow down"),
        Mode.GARBAGE: (HTTPStatus.OK, GARBAGE),
        Mode.HTML: (HTTPStatus.OK, HTML),
        Mode.HUGE: (good, HUGE),
        Mode.ODD: (HTTPStatus.OK, b'{"email": [1], "id": "x", "data": {"results": 7}}'),
        Mode.REDIRECTS: (HTTPStatus.TEMPORARY_REDIRECT, b""),
    }[mode]
    told = {"Location": "/canary"} if mode is Mode.REDIRECTS else headers
    return web.Response(status=status, body=body, headers=told)


def _reset(request: web.Request) -> web.Response:
    transport = request.transport
    if transport is not None:
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, AT_ONCE)
        transport.abort()
    return web.Response()


async def _hang_midway(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"email": ')
    await asyncio.Event().wait()
    return response
