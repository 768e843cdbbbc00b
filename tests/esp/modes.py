"""How a provider behaves today."""

import asyncio
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from http import HTTPStatus
from socket import SO_LINGER, SOL_SOCKET
from types import MappingProxyType
from typing import Final, final

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


CANNED: Final = MappingProxyType(
    {
        Mode.FAILS: (HTTPStatus.INTERNAL_SERVER_ERROR, b"oops"),
        Mode.LIMITED: (HTTPStatus.TOO_MANY_REQUESTS, b"slow down"),
        Mode.GARBAGE: (HTTPStatus.OK, GARBAGE),
        Mode.HTML: (HTTPStatus.OK, HTML),
        Mode.HUGE: (HTTPStatus.OK, HUGE),
        Mode.ODD: (HTTPStatus.OK, b'{"email": [1], "id": "x", "data": {"results": 7}}'),
        Mode.REDIRECTS: (HTTPStatus.TEMPORARY_REDIRECT, b""),
    },
)


@final
@dataclass(slots=True)
class Mood:
    """The mode of the moment, and headers that come with its refusals.

    What hangs does so until ``closing``.
    """

    mode: Mode = Mode.OK
    headers: dict[str, str] = field(default_factory=dict)
    closing: asyncio.Event = field(default_factory=asyncio.Event)


async def answer_in_mode(
    mood: Mood,
    request: web.Request,
    handler: Handler,
) -> web.StreamResponse:
    """Answer as the mood is when the question comes."""
    mode = mood.mode
    if mode is Mode.OK:
        return await handler(request)
    if mode is Mode.HANGS_MIDWAY:
        await _begin(request)
    if mode in {Mode.HANGS, Mode.HANGS_MIDWAY}:
        await mood.closing.wait()
    if mode in CANNED:
        return _canned(mode, mood.headers, request.method)
    done = await handler(request) if mode is Mode.LOST else _reset(request)
    return done if request.method == "GET" else _reset(request)


def _canned(mode: Mode, headers: Mapping[str, str], method: str) -> web.Response:
    status, body = CANNED[mode]
    if status == HTTPStatus.OK and method == "POST":
        # What looks like success on the outside.
        status = HTTPStatus.CREATED
    told = {"Location": "/canary"} if mode is Mode.REDIRECTS else headers
    return web.Response(status=status, body=body, headers=told)


def _reset(request: web.Request) -> web.Response:
    transport = request.transport
    if transport is not None:
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, AT_ONCE)
        transport.abort()
    return web.Response()


async def _begin(request: web.Request) -> None:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"email": ')
