"""Parts of the OpenAPI document that operations share."""

from http import HTTPStatus
from typing import Any, Final

from prilavok.schemas.paging import PageSchema
from prilavok.transport.fault_texts import CODE_TEXTS
from prilavok.transport.routing import Route
from prilavok.transport.session import COOKIE

PROBLEM: Final = "Problem"
TEXT: Final = {"type": "string"}
PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457; the address in type explains the code.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "code": TEXT,
        "request_id": TEXT,
        "current": {"type": "integer", "description": "With 412: the version now."},
        "changed_by": {
            "type": ["object", "null"],
            "description": "With 412: who made that version, if that is known.",
            "required": ["id", "login"],
            "properties": {"id": {"type": "string", "format": "uuid"}, "login": TEXT},
        },
        "changed_at": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "With 412: when that version was made.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "limits", "detail"],
                "properties": {
                    "pointer": TEXT,
                    "code": {"type": "string", "enum": sorted(map(str, CODE_TEXTS))},
                    "limits": {
                        "type": "object",
                        "description": "What would not be refused, such as min or max.",
                    },
                    "detail": TEXT,
                },
            },
        },
    },
}
SECURITY_SCHEMES: Final[dict[str, Any]] = {
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}
NOT_MODIFIED: Final = {
    str(int(HTTPStatus.NOT_MODIFIED)): {"description": "As the client has it."},
}
PAGED_HEADERS: Final = {"Link": "RFC 8288: first, prev, next, last."}
EDITED_HEADERS: Final = {"ETag": "The version, for If-Match."}
CREATED_HEADERS: Final = {"Location": "Where the new resource is."}


def problem(status: HTTPStatus) -> dict[str, Any]:
    """Describe a refusal."""
    content = {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}
    described: dict[str, Any] = {
        "description": status.phrase,
        "content": {"application/problem+json": content},
    }
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        described["headers"] = _headers({"Retry-After": "Seconds to wait."})
    return described


def answer_headers(route: Route) -> dict[str, Any]:
    """Describe the headers of a route's success."""
    texts = dict(route.headers)
    if isinstance(route.answer, PageSchema):
        texts |= PAGED_HEADERS
    if route.edits and route.answer is not None:
        texts |= EDITED_HEADERS
    if route.status is HTTPStatus.CREATED and route.edits:
        texts |= CREATED_HEADERS
    return _headers(texts)


def _headers(texts: dict[str, str]) -> dict[str, Any]:
    return {name: {"description": text, "schema": TEXT} for name, text in texts.items()}


EVENTS: Final = "text/event-stream"
EVENT_SCHEMA: Final = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"enum": ["progress", "end"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
