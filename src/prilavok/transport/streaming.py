"""Answers that are sent piece by piece."""

from collections.abc import AsyncIterable

from aiohttp import hdrs, web
from aiohttp.typedefs import LooseHeaders

from prilavok.domain.errors import Forbidden, Unauthenticated
from prilavok.transport.kept_access import kept_access


async def send_pieces(
    request: web.Request,
    headers: LooseHeaders,
    pieces: AsyncIterable[bytes],
) -> web.StreamResponse:
    """Send all pieces; HEAD gets the head alone, and nothing but the first is read.

    A failure before the first piece is answered by a problem document. When access is
    lost later, the connection is cut: nobody may take a part for the whole.
    """
    response = web.StreamResponse(headers=headers)
    try:
        async with kept_access(request) as access:
            with access.during():
                await _send(request, response, pieces)
    except (Unauthenticated, Forbidden) as error:
        if not response.prepared or request.transport is None:
            raise
        request.transport.abort()
        raise ConnectionAbortedError("Access was lost.") from error
    await response.prepare(request)
    await response.write_eof()
    return response


async def _send(
    request: web.Request,
    response: web.StreamResponse,
    pieces: AsyncIterable[bytes],
) -> None:
    async for piece in pieces:
        await response.prepare(request)
        if request.method == hdrs.METH_HEAD:
            break
        await response.write(piece)
