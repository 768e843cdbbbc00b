"""Packs of events, as binary COPY writes and reads them.

A row of ``packed_events`` holds events of one import that follow one another, its
columns as arrays: so they take a quarter of the room that rows of their own need, and
no index grows with each. Times are kept as seconds after the first one.
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

# Numbers, each with its size before it.
Elements: TypeAlias = NDArray[Any]

SECOND: Final = 1_000_000
# Times of a pack may lie so far apart, in seconds.
LONGEST: Final = np.iinfo(np.int32).max
AT: Final = "at"
SECONDS: Final = "seconds"
NUMBER: Final = "number"
# The columns that are arrays, and how one of their elements is sent.
ELEMENTS: Final = MappingProxyType(
    {
        name: np.dtype([("size", f">{INTEGER}"), (NUMBER, f">{code}")])
        for name, code in (
            (SECONDS, INTEGER),
            ("key", BIGINT),
            ("visitor_id", INTEGER),
            ("page_id", INTEGER),
        )
    },
)
# What is read before the arrays: how many fields there are, two numbers and a time,
# each with its size before it. What is written has another time besides.
READ: Final = ("import_id", "size", "first_at")
READ_COLUMNS: Final = ", ".join((*READ, *ELEMENTS))
READ_HEAD: Final = Struct(">hiiiiiq")
WRITTEN: Final = (*READ, "last_at", *ELEMENTS)
WRITTEN_HEAD: Final = Struct(">hiiiiiqiq")
NUMBER_SIZE: Final = 4
TIME_SIZE: Final = 8
# The numbers of types in pg_type, by the sizes of what they hold.
TYPES: Final = MappingProxyType({4: 23, 8: 20})
# What array_recv reads: the size of all, one dimension, no nulls, the type, how many
# elements, the first has number 1.
# https://doxygen.postgresql.org/arrayfuncs_8c_source.html
ARRAY_HEAD: Final = Struct(">iiiIii")
# Its own four bytes do not count.
SIZED: Final = ARRAY_HEAD.size - NUMBER_SIZE


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
    return EncodedRows("packed_events", WRITTEN, b"".join(_rows(events, size)))


def decode_packs(raw: bytes) -> pl.DataFrame:
    """Return the events of some packs, at least one.

    They were read as ``READ_COLUMNS``. Times are microseconds
    since 1970.
    """
    packs = list(_find_packs(raw))
    arrays = zip(*(_read_arrays(raw, pack) for pack in packs), strict=True)
    columns = [np.concatenate(parts).astype(np.int64) for parts in arrays]
    read = pl.DataFrame(dict(zip(ELEMENTS, columns, strict=True)))
    sizes = [pack.size for pack in packs]
    first_at = np.repeat([pack.first_at for pack in packs], sizes) + EPOCH[TIMESTAMP]
    return read.select(
        "key",
        "visitor_id",
        "page_id",
        at=pl.col(SECONDS) * SECOND + pl.Series(first_at),
        import_id=np.repeat([pack.import_id for pack in packs], sizes),
    )


def _rows(events: pl.DataFrame, size: int) -> Iterator[bytes]:
    times = events[AT].to_numpy()
    seconds = (times - np.repeat(times[::size], size)) // SECOND
    columns = list(_to_elements(events.with_columns(seconds=seconds)))
    for start in range(0, len(events), size):
        end = start + size
        yield _write_head(
            events["import_id"][start], times[start:end] - EPOCH[TIMESTAMP]
        )
        pack = (column[start:end] for column in columns)
        yield from map(_write_array, pack)


def _to_elements(events: pl.DataFrame) -> Iterator[Elements]:
    for name, element in ELEMENTS.items():
        numbers = np.empty(len(events), element)
        numbers["size"] = element[NUMBER].itemsize
        numbers[NUMBER] = events[name].to_numpy()
        yield numbers


def _write_head(import_id: int, times: NDArray[np.int64]) -> bytes:
    numbers = (NUMBER_SIZE, import_id, NUMBER_SIZE, len(times))
    sized_times = (TIME_SIZE, times[0], TIME_SIZE, times[-1])
    return WRITTEN_HEAD.pack(len(WRITTEN), *numbers, *sized_times)


def _write_array(elements: Elements) -> bytes:
    kind = TYPES[elements.dtype[NUMBER].itemsize]
    head = ARRAY_HEAD.pack(SIZED + elements.nbytes, 1, 0, kind, len(elements), 1)
    return head + elements.tobytes()


def _find_packs(raw: bytes) -> Iterator[_Pack]:
    place = len(HEADER)
    heads = len(ELEMENTS) * ARRAY_HEAD.size
    of_event = sum(element.itemsize for element in ELEMENTS.values())
    while place < len(raw) - len(TRAILER):
        import_id, size, first_at = READ_HEAD.unpack_from(raw, place)[2::2]
        pack = _Pack(import_id, size, first_at, place + READ_HEAD.size)
        yield pack
        place = pack.start + heads + pack.size * of_event


def _read_arrays(raw: bytes, pack: _Pack) -> Iterator[Elements]:
    place = pack.start
    for element in ELEMENTS.values():
        place += ARRAY_HEAD.size
        yield np.frombuffer(raw, element, pack.size, place)[NUMBER]
        place += pack.size * element.itemsize
