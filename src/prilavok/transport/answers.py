"""Writing what a request gets."""

from asyncio import to_thread
from collections.abc import Iterator, Sequence, Sized
from dataclasses import replace
from typing import Any, Final

import orjson
from aiohttp import web
from marshmallow import Schema

from prilavok.schemas.dump import Dump, compiled_dump
from prilavok.transport.bodies import JSON
from prilavok.transport.messages import Reply

# More would hold up the loop. A thread alone does not help: orjson lets no other
# thread run before it has written all that it was given.
PIECE: Final = 5000


async def write_reply(schema: Schema | None, status: int, reply: Reply) -> web.Response:
    """Dump the reply through its schema; without a schema there is no body."""
    if schema is None:
        return web.Response(status=reply.status or status, headers=reply.headers)
    return web.Response(
        body=await write_json(schema, reply.answer),
        status=reply.status or status,
        headers=reply.headers,
        content_type=JSON,
    )


async def write_json(schema: Schema, answer: Any) -> bytes:
    """Dump and write; where it is a list or has long ``items``, in a thread."""
    listed = getattr(answer, "items", answer)
    if isinstance(listed, Sized) and len(listed) > PIECE:
        return await to_thread(_write_long, schema, answer)
    return orjson.dumps(compiled_dump(schema)(answer))


def _write_long(schema: Schema, answer: Any) -> bytes:
    if schema.many:
        return _write_list(schema, answer)
    nested: Any = schema.dump_fields["items"]
    items = orjson.Fragment(_write_list(nested.schema, answer.items))
    return orjson.dumps(
        compiled_dump(schema)(replace(answer, items=())) | {"items": items}
    )


def _write_list(schema: Schema, listed: Sequence[Any]) -> bytes:
    return b"[%b]" % b",".join(_pieces(compiled_dump(schema), listed))


def _pieces(dump: Dump, listed: Sequence[Any]) -> Iterator[bytes]:
    """Never keep all that was dumped: so much garbage would hold us up, too."""
    for start in range(0, len(listed), PIECE):
        yield orjson.dumps(dump(listed[start : start + PIECE]))[1:-1]
