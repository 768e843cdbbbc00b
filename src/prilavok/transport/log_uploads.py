"""Logs as bodies of requests: never whole in memory, and never for ever on the way."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic
from types import MappingProxyType
from typing import Any, Final

from aiohttp import BodyPartReader, MultipartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from marshmallow import ValidationError

from prilavok.domain.import_jobs import BringPath, Upload
from prilavok.schemas.imports import BringPathSchema
from prilavok.transport.bodies import (
    JSON,
    UnsupportedBody,
    check_coding,
    invite_body,
)
from prilavok.transport.kept_access import KeptAccess, kept_access
from prilavok.transport.keys import ADMIT, BODY_SECONDS, IMPORT_MAX_BYTES
from prilavok.transport.messages import BodyReader, parse_body, read_body

FORM: Final = "multipart/form-data"
RAW: Final = ("text/plain", "application/gzip", "application/zstd")
FIELD: Final = "file"
UNNAMED: Final = "upload"
MAX_NAME: Final = 255
# What aiohttp raises where a form is none.
BROKEN_FORM: Final = (
    ValueError,
    AssertionError,
    RuntimeError,
    HttpProcessingError,
    web.RequestPayloadError,
)
GZIP: Final = b"\x1f\x8b"
CHUNK_BYTES: Final = 262_144
# A large log may take hours, but it has to move.
MIN_BYTES_PER_SECOND: Final = 1024
BINARY: Final = MappingProxyType({"schema": {"type": "string", "format": "binary"}})
FORM_SCHEMA: Final = MappingProxyType(
    {
        "schema": {
            "type": "object",
            "required": [FIELD],
            "additionalProperties": False,
            "properties": {FIELD: {"type": "string", "format": "binary"}},
        },
    },
)
CONTENT: Final = MappingProxyType[str, Any](
    {
        FORM: dict(FORM_SCHEMA),
        JSON: {"schema": BringPathSchema()},
        **{kind: dict(BINARY) for kind in RAW},
    },
)


async def read_log(request: web.Request) -> Upload | BringPath:
    """Begin to read a log in whatever form it comes; what else comes is a 415."""
    if request.content_type == JSON:
        body = await read_body(request)
        await request[ADMIT]()
        return await parse_body(request.app, BringPathSchema(), body)
    check_coding(request, CONTENT)
    _check_size(request, _size(request))
    if request.content_type not in CONTENT:
        raise UnsupportedBody(request, CONTENT)
    await invite_body(request)
    if request.content_type in RAW:
        return Upload(UNNAMED, _limited(request, _raw(request)), _size(request))
    return await _read_form(request)


LOG_BODY: Final = BodyReader(read_log, CONTENT)


async def _read_form(request: web.Request) -> Upload:
    try:
        form = await request.multipart()
    except BROKEN_FORM as error:
        raise ValidationError("This is no multipart body.") from error
    part = await _next_part(request, form)
    if not isinstance(part, BodyPartReader) or part.name != FIELD:
        raise ValidationError({FIELD: ["The form must have this field, and no other."]})
    chunks = _limited(request, _only_part(request, form, part))
    return Upload(_shown(part.filename), chunks, _size(request))


async def _only_part(
    request: web.Request,
    form: MultipartReader,
    part: BodyPartReader,
) -> AsyncIterator[bytes]:
    is_packed = _is_packed(part)
    start = b""
    try:
        while chunk := await part.read_chunk(CHUNK_BYTES):
            start = start or _checked(chunk, is_packed)
            # What is packed stays so: the import itself unpacks it, as it does a file.
            yield chunk if is_packed else part.decode(chunk)
    except BROKEN_FORM as error:
        raise ValidationError({FIELD: ["The form is broken off."]}) from error
    if await _next_part(request, form) is not None:
        raise ValidationError({FIELD: ["The form must have this field, and no other."]})


def _is_packed(part: BodyPartReader) -> bool:
    """Tell whether the part says so itself, which RFC 7578 does not speak of."""
    coding = part.headers.get(hdrs.CONTENT_ENCODING, "identity").lower()
    if coding not in {"identity", "gzip"}:
        raise ValidationError({FIELD: ["Its Content-Encoding is not known here."]})
    return coding == "gzip"


def _checked(start: bytes, is_packed: bool) -> bytes:
    if is_packed and not start.startswith(GZIP):
        raise ValidationError({FIELD: ["Its Content-Encoding is not true."]})
    return start


async def _next_part(request: web.Request, form: MultipartReader) -> Any:
    try:
        async with asyncio.timeout(request.app[BODY_SECONDS]):
            return await form.next()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except BROKEN_FORM as error:
        raise ValidationError("This is no multipart body.") from error


async def _raw(request: web.Request) -> AsyncIterator[bytes]:
    while chunk := await request.content.read(CHUNK_BYTES):
        yield chunk


async def _limited(
    request: web.Request,
    chunks: AsyncIterator[bytes],
) -> AsyncIterator[bytes]:
    """Refuse what becomes too large (413), hardly moves (408) or loses its right."""
    patience = request.app[BODY_SECONDS]
    size, started = 0, monotonic()
    async with kept_access(request) as access:
        while True:
            late = started + patience + size / MIN_BYTES_PER_SECOND - monotonic()
            chunk = await _next_chunk(chunks, access, min(patience, late))
            if chunk is None:
                return
            size += len(chunk)
            _check_size(request, size)
            yield chunk


async def _next_chunk(
    chunks: AsyncIterator[bytes],
    access: KeptAccess,
    seconds: float,
) -> bytes | None:
    try:
        with access.during():
            async with asyncio.timeout(seconds):
                return await anext(chunks, None)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except web.RequestPayloadError as error:
        raise ValidationError("The body is broken off.") from error


def _size(request: web.Request) -> int:
    return request.content_length or 0


def _check_size(request: web.Request, size: int) -> None:
    limit = request.app[IMPORT_MAX_BYTES]
    if size > limit:
        raise web.HTTPRequestEntityTooLarge(limit, size)


def _shown(name: str | None) -> str:
    """Keep what people can read of a file's name, without the folders before it."""
    last = (name or "").replace("\\", "/").rpartition("/")[-1]
    readable = "".join(filter(str.isprintable, last))
    storable = readable.encode(errors="ignore").decode()
    return storable.strip()[:MAX_NAME] or UNNAMED
