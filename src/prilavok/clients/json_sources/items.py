"""From a body to items, whatever the body."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, final

import orjson

from prilavok.clients.json_sources.port import FetchFailed
from prilavok.domain.source_items import Delivery, SourceItem
from prilavok.domain.source_statuses import SourceStatus

# orjson reads integers beyond 64 bits as floats. Digits of a fraction or an exponent
# are no integers; whatever stands in strings is no number.
STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
LONG_DIGITS: Final = re.compile(rb"\d{19}")
INTEGER: Final = re.compile(rb"(?<![\d.eE+-])(-?)(\d{19,}+)(?![\d.eE])")
MOST: Final = b"18446744073709551615"
LEAST: Final = b"9223372036854775808"
# Smaller bodies take less than a millisecond; larger ones would hold up the loop.
INLINE_BYTES: Final = 16384
# Two bytes of JSON make an object of a hundred in memory. A list of items within the
# size limit never has as many.
MAX_CONTAINERS: Final = 100_000
BLANKS: Final = b" \t\r\n"
# Some write this mark of UTF-8 in front, and readers may ignore it (RFC 8259, 8.1).
BOM: Final = b"\xef\xbb\xbf"


@final
class ItemReader:
    """Reads bodies; the large ones in a thread, so that the loop is not held up.

    One thread: whatever sources send, one large document at a time is unfolded.
    """

    def __init__(self) -> None:
        """Start without a thread; the first large body makes it."""
        self._thread = ThreadPoolExecutor(1, "source-items")

    async def read(self, body: bytes) -> Delivery:
        """Do as ``read_items``."""
        if len(body) <= INLINE_BYTES:
            return read_items(body)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, read_items, body)

    def close(self) -> None:
        """Let the thread end; what waits is dropped."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def read_items(body: bytes) -> Delivery:
    """Keep the valid items and count the others, or raise ``FetchFailed``.

    An item is an object with an integer ``id`` and a string ``name``.
    """
    document = _parse(body.removeprefix(BOM))
    if not isinstance(document, list):
        raise FetchFailed(SourceStatus.BAD_SCHEMA, "Its JSON is no array.")
    items = tuple(_valid(document))
    if document and not items:
        raise FetchFailed(SourceStatus.BAD_SCHEMA, "No item of it is valid.")
    return Delivery(items, len(document) - len(items))


def _parse(body: bytes) -> Any:
    crowded = body.count(b"{") + body.count(b"[") > MAX_CONTAINERS
    # The start tells whether it would be JSON, and takes little memory.
    read = _start_of(body) if crowded else body
    try:
        document = orjson.loads(read)
    except orjson.JSONDecodeError as error:
        # Positions are counted in characters, as is the length of what was read.
        is_cut = crowded and 0 < len(error.doc) <= error.pos
        raise _no_json(error, is_cut=is_cut) from error
    if _has_huge_integer(body):
        raise FetchFailed(SourceStatus.BAD_JSON, "An integer is beyond 64 bits.")
    return document


def _start_of(body: bytes) -> bytes:
    """Cut after a whole character, as no other end can be told from bad UTF-8."""
    start = body.lstrip(BLANKS)[:MAX_CONTAINERS]
    cut = max(start.rfind(bracket) for bracket in (b"{", b"["))
    return start[:cut] if cut > 0 else start.decode(errors="ignore").encode()


def _no_json(error: orjson.JSONDecodeError, *, is_cut: bool) -> FetchFailed:
    if is_cut:
        return FetchFailed(
            SourceStatus.TOO_LARGE,
            f"It has more than {MAX_CONTAINERS} objects and arrays.",
        )
    return FetchFailed(SourceStatus.BAD_JSON, f"Its body is no JSON: {error}.")


def _valid(document: list[Any]) -> Iterator[SourceItem]:
    for found in document:
        if isinstance(found, dict) and _is_item(found):
            yield SourceItem(found["id"], found["name"])


def _is_item(found: dict[str, Any]) -> bool:
    item_id = found.get("id")
    # To Python a boolean is an integer.
    if isinstance(item_id, bool):
        return False
    return isinstance(item_id, int) and isinstance(found.get("name"), str)


def _has_huge_integer(body: bytes) -> bool:
    if LONG_DIGITS.search(body) is None:
        return False
    numbers = INTEGER.finditer(STRING.sub(b"", body))
    return any(_is_huge(number[1], number[2]) for number in numbers)


def _is_huge(minus: bytes, digits: bytes) -> bool:
    """Compare as text: longer is larger, JSON has no leading zeros."""
    limit = LEAST if minus else MOST
    return (len(digits), digits) > (len(limit), limit)
