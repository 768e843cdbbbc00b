"""What a request brings and what it gets."""

from asyncio import Lock, timeout, to_thread
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeVar, final
from urllib.parse import unquote_to_bytes

from aiohttp import hdrs, web
from marshmallow import ValidationError

from prilavok.domain.faults import Fault, FaultCode
from prilavok.domain.versions import ANY_VERSION, Expected
from prilavok.schemas.base import InputSchema
from prilavok.transport.bodies import check_json, invite_body
from prilavok.transport.conditional import read_tags, version_of
from prilavok.transport.keys import BODY_SECONDS, DROPPED
from prilavok.transport.strict_json import read_json

REPEATED: Final = Fault("Given more than once.", FaultCode.GIVEN_TWICE)
UNSAFE: Final = Fault("Holds characters that are no text.", FaultCode.NOT_DECODABLE)
InputT = TypeVar("InputT")
MAX_BYTES: Final = 1024 * 1024
# Where anybody may send something, it is small.
ANONYMOUS_MAX_BYTES: Final = 4096
# More bytes may take longer to read and to check than the loop should wait: an empty
# item of a batch is three bytes, and takes a tenth of a millisecond.
LARGE_BYTES: Final = 512
# Held by the one body that is read or checked in a thread. The loop takes its turns of
# Python's lock meanwhile, and has only one other to take turns with.
LARGE_BODIES: Final = web.AppKey("large_bodies", Lock)
# Some editors and systems put it in front of UTF-8 (RFC 8259, 8.1).
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@final
@dataclass(frozen=True, slots=True)
class Reply:
    """A handler's answer: a domain value that the route's schema will dump.

    ``status`` replaces the one that the route declares; a detailed answer goes through
    the route's ``detail``.
    """

    answer: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: HTTPStatus | None = None
    is_detailed: bool = False


@final
@dataclass(frozen=True, slots=True)
class BodyReader:
    """Reads bodies of several content types; ``content`` is OpenAPI's word on them."""

    read: Callable[[web.Request], Awaitable[Any]]
    content: Mapping[str, Any]


@final
@dataclass(frozen=True, slots=True)
class Body:
    """A JSON document as it came; a large one takes longer than the loop may wait."""

    document: Any
    is_large: bool


async def read_body(request: web.Request, max_bytes: int = MAX_BYTES) -> Body:
    """Return the JSON document of the body, or raise an error.

    Errors are ``ValidationError``, 408, 413 or 415. ``max_bytes`` counts what is
    unpacked.
    """
    check_json(request)
    body = await _read_all(request, max_bytes)
    if len(body) <= LARGE_BYTES:
        return Body(_parsed(body), is_large=False)
    async with request.app[LARGE_BODIES]:
        return Body(await to_thread(_parsed, body), is_large=True)


async def parse_body(
    app: web.Application,
    schema: InputSchema[InputT],
    body: Body,
) -> InputT:
    """Check a document against its schema, or raise ``ValidationError``."""
    if not body.is_large:
        return schema.parse(body.document)
    async with app[LARGE_BODIES]:
        return await to_thread(schema.parse, body.document)


def read_query(schema: InputSchema[InputT], request: web.Request) -> InputT:
    """Parse the query string, or raise ``ValidationError`` under ``query``."""
    _check_encoding(request.rel_url.raw_query_string)
    given: dict[str, Any] = dict(request.query)
    repeated = [name for name in given if len(request.query.getall(name)) > 1]
    for dropped in request.get(DROPPED, ()):
        given.pop(dropped, None)
    unsafe = [name for name, text in given.items() if not _is_storable(text)]
    try:
        _refuse(repeated, REPEATED)
        _refuse(unsafe, UNSAFE)
        return schema.parse(given)
    except ValidationError as error:
        raise ValidationError({"query": error.messages}) from error


def read_expected(request: web.Request) -> Expected:
    """Read the versions that ``If-Match`` allows to be changed."""
    tags = read_tags(request, hdrs.IF_MATCH)
    return ANY_VERSION if tags is None else Expected(frozenset(map(version_of, tags)))


def version_tag(version: int) -> dict[str, str]:
    """Build the ``ETag`` of a resource that can be edited."""
    return {hdrs.ETAG: f'"{version}"'}


def _parsed(body: bytes) -> Any:
    try:
        return read_json(body.removeprefix(BYTE_ORDER_MARK))
    except ValidationError as error:
        fault = Fault(str(error.messages[0]), FaultCode.NOT_JSON)
        raise ValidationError(fault) from error


async def _read_all(request: web.Request, max_bytes: int) -> bytes:
    announced = request.content_length or 0
    if announced > max_bytes:
        raise web.HTTPRequestEntityTooLarge(max_bytes, announced)
    await invite_body(request)
    limited = request.clone(client_max_size=max_bytes)
    try:
        async with timeout(request.app[BODY_SECONDS]):
            return await limited.read()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except (web.HTTPBadRequest, web.RequestPayloadError) as error:
        # What Content-Encoding promised cannot be unpacked, or a chunk is broken.
        fault = Fault("The body cannot be decoded.", FaultCode.NOT_DECODABLE)
        raise ValidationError(fault) from error


def _check_encoding(query: str) -> None:
    """Refuse what is no UTF-8; yarl would take the escapes for the text."""
    try:
        unquote_to_bytes(query).decode()
    except UnicodeDecodeError as error:
        fault = Fault("Not UTF-8.", FaultCode.NOT_DECODABLE)
        raise ValidationError({"query": [fault]}) from error


def _refuse(names: list[str], detail: str) -> None:
    if names:
        raise ValidationError({name: [detail] for name in names})


def _is_storable(text: str) -> bool:
    """Tell whether PostgreSQL takes it as text: no NUL, no lone surrogates."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
