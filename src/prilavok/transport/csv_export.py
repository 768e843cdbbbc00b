"""Whole lists as CSV, row by row."""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final, final

from aiohttp import hdrs, web
from marshmallow import Schema

from prilavok.schemas.csv_text import csv_line
from prilavok.schemas.dump import compiled_dump
from prilavok.transport.downloads import one_download
from prilavok.transport.negotiation import is_by_link
from prilavok.transport.streaming import send_pieces

CSV: Final = "text/csv"
# Rows that share one write to the network.
CHUNK_ROWS: Final = 200
# Without it Excel takes UTF-8 for an old code page; programs do not expect it.
BYTE_ORDER_MARK: Final = "\ufeff"


@final
@dataclass(frozen=True, slots=True)
class CsvExport:
    """What a list looks like as CSV: some fields of each item, as its schema dumps it.

    ``stream`` gives all items for what the route has read of the query.
    """

    name: str
    schema: Schema
    columns: tuple[str, ...]
    stream: Callable[[web.Request, Any], AsyncIterable[object]]

    async def lines(self, request: web.Request, query: object) -> AsyncIterator[str]:
        """Write the names of the columns, then each item as a row."""
        yield csv_line(self.columns)
        dump = compiled_dump(self.schema)
        async for found in self.stream(request, query):
            document = dump(found)
            yield csv_line(document[column] for column in self.columns)


async def send_csv(
    request: web.Request,
    export: CsvExport,
    query: object,
) -> web.StreamResponse:
    """Stream all rows; memory holds a batch of them."""
    headers = {
        hdrs.CONTENT_TYPE: f"{CSV}; charset=utf-8",
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="{export.name}.csv"',
    }
    start = BYTE_ORDER_MARK if is_by_link(request) else ""
    lines = export.lines(request, query)
    with one_download(request):
        return await send_pieces(request, headers, _chunks(start, lines))


async def _chunks(start: str, lines: AsyncIterable[str]) -> AsyncIterator[bytes]:
    gathered = [start]
    async for line in lines:
        gathered.append(line)
        if len(gathered) > CHUNK_ROWS:
            yield "".join(gathered).encode()
            gathered.clear()
    yield "".join(gathered).encode()
