"""Whole lists as CSV, row by row."""

import csv
from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final, final

from aiohttp import hdrs, web
from marshmallow import Schema

from prilavok.schemas.csv_text import csv_cell
from prilavok.schemas.dump import compiled_dump
from prilavok.transport.messages import accepts

CSV: Final = "text/csv"
# Rows that share one write to the network.
CHUNK_ROWS: Final = 200


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

    async def rows(
        self,
        request: web.Request,
        query: object,
    ) -> AsyncIterator[list[object]]:
        """Write each item as the cells of a row."""
        dump = compiled_dump(self.schema)
        async for found in self.stream(request, query):
            document = dump(found)
            yield [csv_cell(document[column]) for column in self.columns]


def wants_csv(request: web.Request) -> bool:
    """Tell whether the client asks for CSV by ``Accept``."""
    return accepts(request, CSV)


async def send_csv(
    request: web.Request,
    export: CsvExport,
    query: object,
) -> web.StreamResponse:
    """Stream all rows; memory holds a few hundred of them."""
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: f"{CSV}; charset=utf-8",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{export.name}.csv"',
        },
    )
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(export.columns)
    written = 0
    async for row in export.rows(request, query):
        writer.writerow(row)
        written += 1
        if written % CHUNK_ROWS == 0:
            await _send(request, response, text)
    await _send(request, response, text)
    await response.write_eof()
    return response


async def _send(
    request: web.Request,
    response: web.StreamResponse,
    text: StringIO,
) -> None:
    """Send what has been written; a failure before that is a problem document."""
    if not response.prepared:
        await response.prepare(request)
    await response.write(text.getvalue().encode())
    text.seek(0)
    text.truncate()
