"""What the OpenAPI document says of parameters."""

from typing import Any, Final

from aiohttp import hdrs

from prilavok.transport.idempotency import IDEMPOTENCY_KEY
from prilavok.transport.negotiation import FORMAT, JSON_FORM
from prilavok.transport.openapi_parts import TEXT
from prilavok.transport.routing import Route
from prilavok.transport.text_ids import IDS, STRING

WRITES: Final = frozenset((hdrs.METH_PATCH, hdrs.METH_DELETE))
UUID_PARAMETER: Final = {
    "in": "path",
    "name": "id",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
IF_MATCH: Final = {
    "in": "header",
    "name": "If-Match",
    "description": "Change only this version; without it the last writer wins.",
    "schema": TEXT,
}
IF_NONE_MATCH: Final = {
    "in": "header",
    "name": "If-None-Match",
    "description": "Tags of answers that one has; for one of them it is a 304.",
    "schema": TEXT,
}
IDEMPOTENCY: Final = {
    "in": "header",
    "name": IDEMPOTENCY_KEY,
    "description": "The same key happens once and is told the same for 24 hours; with "
    "another body it is a 422.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}

IDS_PARAMETER: Final = {
    "in": "query",
    "name": IDS,
    "description": "Give numbers that identify as texts: JavaScript loses digits.",
    "schema": {"type": "string", "enum": [STRING]},
}


def parameters_of(route: Route) -> list[Any]:
    """Describe query, path and headers of a route."""
    parameters: list[Any] = [{"in": "query", "schema": route.query}]
    if route.forms:
        parameters.append(_format_parameter(route.forms))
    if route.text_ids is not None:
        parameters.append(IDS_PARAMETER)
    if "{id}" in route.path:
        parameters.append(UUID_PARAMETER)
    return parameters + _headers(route)


def _headers(route: Route) -> list[Any]:
    headers: list[Any] = []
    if route.edits and route.method in WRITES:
        headers.append(IF_MATCH)
    if route.edits and route.method == hdrs.METH_GET:
        headers.append(IF_NONE_MATCH)
    if route.idempotent:
        headers.append(IDEMPOTENCY)
    return headers


def _format_parameter(forms: tuple[str, ...]) -> dict[str, Any]:
    """Describe the choice among the forms of an answer."""
    return {
        "in": "query",
        "name": FORMAT,
        "description": "The form of the answer; it wins over Accept. CSV asked for in "
        "this way starts with a byte order mark.",
        "schema": {"type": "string", "enum": [JSON_FORM, *forms]},
    }
