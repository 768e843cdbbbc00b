"""RFC 9457 problem documents, the one shape of every error."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from http import HTTPStatus
from itertools import islice
from types import MappingProxyType
from typing import Any, Final, final

import orjson
from aiohttp import hdrs, web
from marshmallow import ValidationError

from prilavok.domain import errors
from prilavok.domain.faults import FaultCode
from prilavok.schemas.fields import utc_text
from prilavok.transport.bodies import ACCEPT_PATCH

logger = logging.getLogger(__name__)
# A small body can be wrong in a hundred thousand places; the first ones will do.
MAX_ERRORS: Final = 100

STATUSES: Final = MappingProxyType[type, HTTPStatus](
    {
        errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
        errors.Forbidden: HTTPStatus.FORBIDDEN,
        errors.NotFound: HTTPStatus.NOT_FOUND,
        errors.Conflict: HTTPStatus.CONFLICT,
        errors.Stale: HTTPStatus.PRECONDITION_FAILED,
        errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
        errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
        errors.BadGateway: HTTPStatus.BAD_GATEWAY,
        errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    },
)

# Spelled out, because the phrases of the standard library change between versions.
HTTP_CODES: Final = MappingProxyType[int, str](
    {
        HTTPStatus.BAD_REQUEST: "bad-request",
        HTTPStatus.NOT_FOUND: "not-found",
        HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
        HTTPStatus.NOT_ACCEPTABLE: "not-acceptable",
        HTTPStatus.REQUEST_TIMEOUT: "request-timeout",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "content-too-large",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported-media-type",
        HTTPStatus.EXPECTATION_FAILED: "expectation-failed",
    },
)
# Headers of refusals that say what would not be refused.
TOLD: Final = (hdrs.ALLOW, hdrs.ACCEPT, hdrs.ACCEPT_ENCODING, ACCEPT_PATCH)


def fault_item(
    pointer: str,
    fault: str,
    code: str = FaultCode.INVALID,
) -> dict[str, Any]:
    """Describe what is wrong at a place; a ``Fault`` has a code of its own."""
    return {
        "pointer": pointer,
        "code": getattr(fault, "code", code),
        "limits": getattr(fault, "limits", {}),
        "detail": fault,
    }


@final
@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong; ``code`` is stable, its words are the title."""

    status: int
    code: str
    detail: str
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, request_id: str) -> web.Response:
        """Write the document for one request."""
        document = {
            "type": f"/problems/{self.code}",
            "title": self.code.replace("-", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
            **self.members,
        }
        return web.Response(
            body=orjson.dumps(document),
            status=self.status,
            headers=self.headers,
            content_type="application/problem+json",
        )


@singledispatch
def problem_for(error: Exception) -> Problem:
    """Hide what we did not foresee; the log has the traceback."""
    logger.error("unhandled error", exc_info=error)
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "The service failed; the log tells why under this request id.",
    )


@problem_for.register
def _refusal(error: errors.DomainError) -> Problem:
    known = map(STATUSES.get, type(error).__mro__)
    status = next(filter(None, known), HTTPStatus.BAD_REQUEST)
    headers = _challenge(status)
    return Problem(status, error.code, error.detail, _located(error), headers)


@problem_for.register
def _stale(error: errors.Stale) -> Problem:
    return Problem(
        HTTPStatus.PRECONDITION_FAILED,
        error.code,
        error.detail,
        members={"current": error.current, **_last_change(error), **_located(error)},
    )


@problem_for.register
def _later(error: errors.Later) -> Problem:
    known = map(STATUSES.get, type(error).__mro__)
    status = next(filter(None, known), HTTPStatus.SERVICE_UNAVAILABLE)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        # Without a traceback: while a store is away, every request comes here.
        logger.warning("unavailable: %s (%r)", error.detail, error.__cause__)
    return Problem(
        status,
        error.code,
        error.detail,
        headers={hdrs.RETRY_AFTER: str(error.retry_after)},
    )


@problem_for.register
def _invalid(error: ValidationError) -> Problem:
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        errors.Invalid.code,
        "The request does not have the form it must have.",
        members={"errors": list(islice(_pointed(error.messages), MAX_ERRORS))},
    )


@problem_for.register
def _http(error: web.HTTPException) -> Problem:
    told = {name: error.headers[name] for name in TOLD if name in error.headers}
    return Problem(
        error.status,
        HTTP_CODES.get(error.status, "http-error"),
        f"{error.reason}.",
        headers=told,
    )


def _located(error: errors.DomainError) -> dict[str, Any]:
    """Name the places of the body that a refusal is about, if it is about any."""
    items = error.errors.items()
    located = [fault_item(pointer, fault, error.code) for pointer, fault in items]
    return {"errors": located} if located else {}


def _last_change(error: errors.Stale) -> dict[str, Any]:
    """Tell who has made the version that stands; null: nobody knows."""
    last = error.last_change
    author = None if last is None else last.by
    return {
        "changed_by": author and {"id": str(author.id), "login": author.login},
        "changed_at": last and utc_text(last.at),
    }


def _challenge(status: HTTPStatus) -> Mapping[str, str]:
    """Tell how to sign in, as RFC 9110 wants with every 401."""
    if status is HTTPStatus.UNAUTHORIZED:
        return {hdrs.WWW_AUTHENTICATE: 'Bearer realm="prilavok"'}
    return {}


def _pointed(messages: Any, pointer: str = "") -> Iterator[dict[str, Any]]:
    """Flatten marshmallow's tree into RFC 6901 pointers with their messages."""
    if not isinstance(messages, Mapping):
        yield from (fault_item(pointer, fault) for fault in messages)
        return
    for key, inner in messages.items():
        token = str(key).replace("~", "~0").replace("/", "~1")
        below = pointer if key == "_schema" else f"{pointer}/{token}"
        yield from _pointed(inner, below)
