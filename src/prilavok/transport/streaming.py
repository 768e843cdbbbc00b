"""Answers that are sent piece by piece."""

from collections.abc import AsyncIterable

from aiohttp import hdrs, web
from aiohttp.typedefs import LooseHeaders


async def send_pieces(
    request: web.Request,
    headers: LooseHeaders,
    pieces: AsyncIterable[bytes],
) -> web.StreamResponse:
    """Send all pieces; HEAD gets the head alone, and nothing but the first is read.

    A failure before the first piece is answered by a problem document.
    """
    response = web.StreamResponse(headers=headers)
    async for piece in pieces:
        await response.prepare(request)
        if request.method == hdrs.METH_HEAD:
            break
        await response.write(piece)
    await response.prepare(request)
    await response.write_eof()
    return response
