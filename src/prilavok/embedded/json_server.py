"""A small server of JSON lists, in the style of json-server.

``/NAME`` is a list, filtered by any member (``?id=1``); ``/NAME/ID`` is one item of it.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeAlias

import orjson
from aiohttp import web
from multidict import MultiMapping

# The demo lists: first, second and third.
LISTS: Final = Path(__file__).parents[3] / "json_sources"
JSON: Final = "application/json"
JsonObject: TypeAlias = Mapping[str, Any]


def lists_app(names: Sequence[str]) -> web.Application:
    """Assemble a server of these lists."""
    app = web.Application()
    for name in names:
        listed = orjson.loads((LISTS / f"{name}.json").read_bytes())
        app.router.add_get(f"/{name}", partial(show_list, listed))
        app.router.add_get(f"/{name}/{{id}}", partial(show_item, listed))
    return app


async def show_list(listed: Sequence[JsonObject], request: web.Request) -> web.Response:
    """Give the items that pass the filters."""
    return _json([found for found in listed if _matches(found, request.query)])


async def show_item(listed: Sequence[JsonObject], request: web.Request) -> web.Response:
    """Give one item."""
    for found in listed:
        if _text(found["id"]) == request.match_info["id"]:
            return _json(found)
    return _json({}, HTTPStatus.NOT_FOUND)


def _matches(found: JsonObject, query: MultiMapping[str]) -> bool:
    """Compare as texts; a filter that is given twice admits both."""
    return all(_text(found.get(name)) in query.getall(name) for name in query)


def _text(member: object) -> str:
    return member if isinstance(member, str) else orjson.dumps(member).decode()


def _json(answer: object, status: int = HTTPStatus.OK) -> web.Response:
    return web.Response(body=orjson.dumps(answer), status=status, content_type=JSON)
