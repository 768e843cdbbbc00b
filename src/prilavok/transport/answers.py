"""Writing what a request gets."""

from asyncio import to_thread
from collections.abc import Iterator, Sequence, Sized
from typing import Any, Final

import orjson
from aiohttp import web
from marshmallow import Schema

from prilavok.schemas.dump import Dump, compiled_dump
from prilavok.transport.messages import JSON, Reply

# More would hold up the loop. A thread alone does not help: orjson lets no other
# thread run before it has written all that it was given.
PIECE: Final = 5000


async def write_reply(schema: Schema | None, status: int, reply: Reply) -> web.Response:
    """Dump the reply through its schema; without a schema there is no body."""
    if schema is None:
        return web.Response(status=reply.status or status, headers=reply.headers)
    return web.Response(
        body=await write_json(compiled_dump(schema), reply.answer),
        status=reply.status or status,
        headers=reply.headers,
        content_type=JSON,
    )


async def write_json(dump: Dump, answer: object) -> bytes:
    """Write what was dumped; where its list is long, the loop goes on meanwhile."""
    listed = getattr(answer, "items", answer)
    if isinstance(listed, Sized) and len(listed) > PIECE:
        return await to_thread(_write_long, dump, answer)
    return orjson.dumps(dump(answer))


def _write_long(dump: Dump, answer: object) -> bytes:
    document = dump(answer)
    if isinstance(document, list):
        return _write_list(document)
    return orjson.dumps({name: _fragment(member) for name, member in document.items()})


def _fragment(member: Any) -> Any:
    is_long = isinstance(member, list) and len(member) > PIECE
    return orjson.Fragment(_write_list(member)) if is_long else member


def _write_list(listed: Sequence[Any]) -> bytes:
    return b"[%b]" % b",".join(_pieces(listed))


def _pieces(listed: Sequence[Any]) -> Iterator[bytes]:
    for start in range(0, len(listed), PIECE):
        yield orjson.dumps(listed[start : start + PIECE])[1:-1]
