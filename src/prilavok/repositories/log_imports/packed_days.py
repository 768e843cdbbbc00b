"""Rows of packed visitors, as binary COPY reads them."""

from collections.abc import Iterator, Sequence
from struct import Struct
from typing import Any, Final, final

import numpy as np
import polars as pl

from prilavok.repositories.binary_copy import EPOCH_DAYS, EncodedRows

# As PostgreSQL's int4send writes it.
NUMBER: Final = ">i4"
NUMBER_SIZE: Final = 4
SIZE: Final = Struct(">i")


@final
class PackedDays:
    """A table of visitors by the given keys and day, one row for all of them."""

    def __init__(self, table: str, *keys: str) -> None:
        """Name the keys besides ``day``; all are integers."""
        self._table = table
        self._keys = (*keys, "day")
        # The number of the row's fields, then every key with its size before it.
        sized = "ii" * len(self._keys)
        self._head = Struct(f">h{sized}")
        self._columns = (*self._keys, "visitor_ids", "events")

    def encode(self, frame: pl.DataFrame) -> EncodedRows:
        """Encode rows that come unpacked: keys, days since 1970, visitor_id, events."""
        ordered = frame.sort(*self._keys, "visitor_id")
        return EncodedRows(self._table, self._columns, b"".join(self._rows(ordered)))

    def _rows(self, ordered: pl.DataFrame) -> Iterator[bytes]:
        packed = [_pack(ordered[name]) for name in ("visitor_id", "events")]
        groups = ordered.group_by(self._keys, maintain_order=True).len("size")
        end = 0
        for *keys, size in groups.iter_rows():
            yield self._encode_head(keys)
            start, end = end, end + size * NUMBER_SIZE
            for numbers in packed:
                yield SIZE.pack(end - start)
                yield numbers[start:end]

    def _encode_head(self, keys: Sequence[int]) -> bytes:
        *others, day = keys
        sized = [
            part for key in (*others, day - EPOCH_DAYS) for part in (NUMBER_SIZE, key)
        ]
        return self._head.pack(len(self._columns), *sized)


def _pack(numbers: pl.Series) -> bytes:
    return numbers.to_numpy().astype(NUMBER).tobytes()


def unpack(packed: Sequence[bytes]) -> Any:
    """Return the numbers of some rows, one after the other, as an array."""
    return np.frombuffer(b"".join(packed), NUMBER).astype(np.int64)
