"""Whole lists as plain text, line by line, to keep or to grep."""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final, final

from aiohttp import hdrs, web

from prilavok.transport.streaming import send_pieces

PLAIN: Final = "text/plain"


@final
@dataclass(frozen=True, slots=True)
class TextExport:
    """What a list looks like as text; ``stream`` gives some lines at a time.

    What it raises before the first of them is answered by a problem document.
    """

    name: str
    stream: Callable[[web.Request, Any], AsyncIterable[str]]


async def send_text(
    request: web.Request,
    export: TextExport,
    query: object,
) -> web.StreamResponse:
    """Stream all of it."""
    headers = {
        hdrs.CONTENT_TYPE: f"{PLAIN}; charset=utf-8",
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="{export.name}.txt"',
    }
    return await send_pieces(request, headers, _encoded(export.stream(request, query)))


async def _encoded(texts: AsyncIterable[str]) -> AsyncIterator[bytes]:
    async for text in texts:
        yield text.encode()
