"""The OpenAPI 3.1 document, generated from the route lines."""

from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from inspect import getdoc
from typing import Any, Final

from aiohttp import hdrs
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from prilavok.domain.access import ANYONE
from prilavok.schemas.base import InputSchema
from prilavok.transport.bodies import JSON, json_kinds
from prilavok.transport.csv_export import CSV
from prilavok.transport.openapi_fields import describe_field
from prilavok.transport.openapi_parameters import WRITES, parameters_of
from prilavok.transport.openapi_parts import (
    EVENT_SCHEMA,
    EVENTS,
    NOT_MODIFIED,
    PROBLEM,
    PROBLEM_SCHEMA,
    SECURITY_SCHEMES,
    answer_headers,
    problem,
)
from prilavok.transport.routes import ROUTES
from prilavok.transport.routing import Route
from prilavok.transport.text_export import PLAIN

REFUSED_BODIES: Final = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.TOO_MANY_REQUESTS,
)


@cache
def openapi_document() -> dict[str, Any]:
    """Describe every route; the same object each time, so do not change it."""
    # Untyped: apispec leaves most of its converter so.
    plugin: Any = MarshmallowPlugin()
    spec = APISpec(
        title="Prilavok",
        version=version("prilavok"),
        openapi_version="3.1.0",
        info={"description": "The back office of an online shop."},
        plugins=[plugin],
    )
    converter = plugin.converter
    converter.add_attribute_function(describe_field)
    spec.components.schema(PROBLEM, PROBLEM_SCHEMA)
    for name, scheme in SECURITY_SCHEMES.items():
        spec.components.security_scheme(name, scheme)
    for route in ROUTES:
        spec.path(route.path, operations={route.method.lower(): _operation(route)})
    document = spec.to_dict()
    _require_answers(converter, document["components"]["schemas"])
    return document


def _operation(route: Route) -> dict[str, Any]:
    summary, _, more = (getdoc(route.handler) or "").partition("\n\n")
    audience = _audience(route)
    also = "".join(f"\n\nAlso: `{path}`." for path in route.aliases)
    description = f"{more}{also}\n\nAllowed: {audience}."
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "tags": [route.handler.__module__.rpartition(".")[2]],
        "summary": summary,
        "description": description.strip(),
        "parameters": parameters_of(route),
        "responses": _responses(route),
        "security": [] if route.allow is ANYONE else [{"cookie": []}, {"bearer": []}],
    }
    if route.receive is not None:
        operation["requestBody"] = {
            "required": True,
            "content": dict(route.receive.content),
        }
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {
                kind: {"schema": _body(route)} for kind in json_kinds(route.method)
            },
        }
    return operation


def _audience(route: Route) -> str:
    allowed = route.allow.value
    return f"{allowed}, or on one's own account" if route.own else allowed


def _body(route: Route) -> Any:
    if route.own_body is None:
        return route.body
    return {"anyOf": [route.body, route.own_body]}


def _responses(route: Route) -> dict[str, Any]:
    successes = {
        str(int(status)): _success(route, status)
        for status in (route.status, *route.also)
    }
    if route.edits and route.method == hdrs.METH_GET:
        successes |= NOT_MODIFIED
    return successes | {
        str(int(status)): problem(status) for status in _refusals(route)
    }


def _success(route: Route, status: HTTPStatus) -> dict[str, Any]:
    success: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "headers": answer_headers(route),
    }
    if route.answer is not None:
        success["content"] = {JSON: {"schema": _answer(route)}}
    if route.csv is not None:
        success["content"][CSV] = {"schema": {"type": "string"}}
    if route.events:
        success["content"] = {EVENTS: {"schema": EVENT_SCHEMA}}
    if route.text is not None:
        success["content"][PLAIN] = {"schema": {"type": "string"}}
    return success


def _answer(route: Route) -> Any:
    shapes = [route.answer, route.detail]
    if route.text_ids is not None:
        shapes += [route.text_ids.answer, route.text_ids.detail]
    known = [shape for shape in shapes if shape is not None]
    return {"anyOf": known} if len(known) > 1 else route.answer


def _refusals(route: Route) -> list[HTTPStatus]:
    is_read, is_public = route.method == hdrs.METH_GET, route.allow is ANYONE
    statuses = [HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE]
    statuses += route.refuses
    if not is_public:
        statuses.append(HTTPStatus.UNAUTHORIZED)
    if not (is_public and is_read):
        # Of public routes, writes that another site causes.
        statuses.append(HTTPStatus.FORBIDDEN)
    if "{" in route.path:
        statuses.append(HTTPStatus.NOT_FOUND)
    if route.csv is not None:
        statuses.append(HTTPStatus.TOO_MANY_REQUESTS)
    return sorted(statuses + _refused_writes(route))


def _refused_writes(route: Route) -> list[HTTPStatus]:
    statuses: list[HTTPStatus] = []
    if route.body is not None or route.receive is not None:
        statuses += REFUSED_BODIES
    if route.method == hdrs.METH_DELETE:
        statuses.append(HTTPStatus.CONFLICT)
    if route.edits and route.method in WRITES:
        statuses.append(HTTPStatus.PRECONDITION_FAILED)
    return statuses


def _require_answers(converter: Any, schemas: dict[str, Any]) -> None:
    """Promise every field of an answer: our answers leave none out."""
    for key, name in converter.refs.items():
        if not issubclass(key[0], InputSchema):
            schemas[name]["required"] = sorted(schemas[name]["properties"])
