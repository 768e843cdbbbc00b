"""Packs of events, as binary COPY writes and reads them.

A row of ``packed_events`` holds events of one import that follow one another, its
columns as arrays: so they take a fifth of the room that rows of their own need, and
no index grows with each. PostgreSQL reads arrays number by number: so seconds after the
first event share one with the key, and the visitor shares one with the page.
"""

from collections.abc import Iterator
from struct import Struct
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.repositories.binary_copy import (
    BIGINT,
    EPOCH,
    HEADER,
    INTEGER,
    TIMESTAMP,
    TRAILER,
    EncodedRows,
)

# Rows of records: numbers, each with its size before it.
Sized: TypeAlias = NDArray[Any]

SECOND: Final = 1_000_000
# A key has eight digits of base 36, which fit so many bits; numbers of pages have less.
KEY_BITS: Final = 42
PAGE_BITS: Final = 32
ONLY_KEY: Final = (1 << KEY_BITS) - 1
ONLY_PAGE: Final = (1 << PAGE_BITS) - 1
# Times of a pack may lie so far apart, in seconds: 24 days.
LONGEST: Final = np.iinfo(np.int64).max >> KEY_BITS
AT: Final = "at"
SIZE: Final = "size"
NUMBER: Final = "number"
HEAD: Final = "head"
ELEMENTS: Final = "elements"
# What arrays are packed of, besides times.
PACKED: Final = ("key", "visitor_id", "page_id")
SIZED: Final = MappingProxyType(
    {
        code: np.dtype([(SIZE, f">{INTEGER}"), (NUMBER, f">{code}")])
        for code in (INTEGER, BIGINT)
    },
)
# The columns that are arrays.
ARRAYS: Final = ("moments", "visits")
# What array_recv reads before the elements: the size of all that follows, one
# dimension, no nulls, the type's number in pg_type, how many, the first is number 1.
# https://doxygen.postgresql.org/arrayfuncs_8c_source.html
ARRAY_HEAD: Final = np.dtype(">i4,>i4,>i4,>u4,>i4,>i4")
BIGINT_TYPE: Final = 20
# What is read before the arrays: how many fields there are, two numbers and a time,
# each with its size before it. What is written has another time besides.
READ: Final = ("import_id", SIZE, "first_at")
READ_COLUMNS: Final = ", ".join((*READ, *ARRAYS))
READ_HEAD: Final = Struct(">hiiiiiq")
WRITTEN: Final = MappingProxyType(
    {"import_id": INTEGER, SIZE: INTEGER, "first_at": BIGINT, "last_at": BIGINT},
)
# The events of the packs of a table.
UNPACKED: Final = f"""
SELECT first_at + (moment >> {KEY_BITS}) * interval '1 second' AS at,
    moment & {ONLY_KEY} AS key, (visit >> {PAGE_BITS})::integer AS visitor_id,
    import_id, (visit & {ONLY_PAGE})::integer AS page_id
FROM (
    SELECT import_id, first_at, unnest(moments) AS moment, unnest(visits) AS visit
    FROM {{0}}
) AS unpacked
"""


class _Pack(NamedTuple):
    """Where the arrays of a pack start among the bytes that were read."""

    import_id: int
    size: int
    first_at: int
    start: int


def encode_packs(events: pl.DataFrame, size: int) -> EncodedRows:
    """Encode packs of so many events each, of one import and in the order of time.

    None of them may reach over more than ``LONGEST``.
    """
    # Row i has the times that come i-th in their packs.
    times = (events[AT].to_numpy() - EPOCH[TIMESTAMP]).reshape(-1, size).T
    rows = np.zeros(len(times[0]), _row_of(size))
    rows["fields"] = len(WRITTEN) + len(ARRAYS)
    _fill(rows["import_id"], events["import_id"].to_numpy()[::size])
    _fill(rows[SIZE], size)
    _fill(rows["first_at"], times[0])
    _fill(rows["last_at"], times[-1])
    for name, numbers in _arrays(events, ((times - times[0]) // SECOND).T.ravel()):
        rows[name][HEAD] = _array_head(size)
        _fill(rows[name][ELEMENTS], numbers.reshape(-1, size))
    columns = (*WRITTEN, *ARRAYS)
    return EncodedRows("packed_events", columns, rows.view(np.uint8).data)


def _arrays(events: pl.DataFrame, seconds: Any) -> Iterator[tuple[str, Any]]:
    key, visitor_id, page_id = (events[name].to_numpy() for name in PACKED)
    moments = seconds << KEY_BITS | key
    return zip(ARRAYS, (moments, visitor_id << PAGE_BITS | page_id), strict=True)


def decode_packs(raw: bytes) -> pl.DataFrame:
    """Return the events of some packs, at least one.

    They were read as ``READ_COLUMNS``. Times are microseconds
    since 1970.
    """
    packs = list(_find_packs(raw))
    arrays = zip(*(_read_arrays(raw, pack) for pack in packs), strict=True)
    moments, visits = (np.concatenate(parts).astype(np.int64) for parts in arrays)
    sizes = [pack.size for pack in packs]
    first_at = np.repeat([pack.first_at for pack in packs], sizes) + EPOCH[TIMESTAMP]
    return pl.DataFrame(
        {
            AT: (moments >> KEY_BITS) * SECOND + first_at,
            "key": moments & ONLY_KEY,
            "visitor_id": visits >> PAGE_BITS,
            "page_id": visits & ONLY_PAGE,
            "import_id": np.repeat([pack.import_id for pack in packs], sizes),
        },
    )


def _row_of(size: int) -> np.dtype[Any]:
    """Return how a row with a pack of so many events is sent."""
    numbers = [(name, SIZED[code]) for name, code in WRITTEN.items()]
    array = [(HEAD, ARRAY_HEAD), (ELEMENTS, SIZED[BIGINT], size)]
    arrays = [(name, array) for name in ARRAYS]
    return np.dtype([("fields", ">i2"), *numbers, *arrays])


def _array_head(size: int) -> NDArray[Any]:
    # Its own size does not count.
    head = ARRAY_HEAD.itemsize - SIZED[BIGINT][SIZE].itemsize
    in_bytes = head + size * SIZED[BIGINT].itemsize
    return np.array((in_bytes, 1, 0, BIGINT_TYPE, size, 1), ARRAY_HEAD)


def _fill(fields: Sized, numbers: Any) -> None:
    fields[SIZE] = fields.dtype[NUMBER].itemsize
    fields[NUMBER] = numbers


def _find_packs(raw: bytes) -> Iterator[_Pack]:
    place = len(HEADER)
    heads = len(ARRAYS) * ARRAY_HEAD.itemsize
    of_event = len(ARRAYS) * SIZED[BIGINT].itemsize
    while place < len(raw) - len(TRAILER):
        import_id, size, first_at = READ_HEAD.unpack_from(raw, place)[2::2]
        pack = _Pack(import_id, size, first_at, place + READ_HEAD.size)
        yield pack
        place = pack.start + heads + pack.size * of_event


def _read_arrays(raw: bytes, pack: _Pack) -> Iterator[Sized]:
    place = pack.start
    for _ in ARRAYS:
        place += ARRAY_HEAD.itemsize
        yield np.frombuffer(raw, SIZED[BIGINT], pack.size, place)[NUMBER]
        place += pack.size * SIZED[BIGINT].itemsize
