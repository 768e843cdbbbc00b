"""Rows of packed visitors, as binary COPY reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import repeat
from struct import Struct
from typing import Final, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from prilavok.repositories.binary_copy import EPOCH_DAYS, EncodedRows
from prilavok.repositories.packed_numbers import NUMBER

Numbers: TypeAlias = NDArray[np.int64]

NUMBER_SIZE: Final = 4
SIZE: Final = Struct(">i")
DAY: Final = "day"


@final
@dataclass(frozen=True, slots=True)
class VisitorCounts:
    """How many events visitors have, by category and day.

    Row ``i`` is of ``categories[i]`` and ``days[i]`` (since 1970), and the next
    ``sizes[i]`` of ``visitor_ids`` and ``events`` belong to it.
    """

    categories: Numbers
    days: Numbers
    sizes: Numbers
    visitor_ids: Numbers
    events: Numbers


@final
class PackedDays:
    """A table of visitors by the given keys, one row for all of them."""

    def __init__(self, table: str, *keys: str) -> None:
        """Name the keys: integers, and ``day``."""
        self._table = table
        self._keys = keys
        # The number of the row's fields, then every key with its size before it.
        sized = "ii" * len(self._keys)
        self._head = Struct(f">h{sized}")
        self._columns = (*self._keys, "visitor_ids", "events")

    def encode(self, import_id: int, counts: VisitorCounts) -> EncodedRows:
        """Encode the rows of an import."""
        # Not joined: there may be as many rows as events, of five parts each.
        body = BytesIO()
        body.writelines(self._rows(import_id, counts))
        return EncodedRows(self._table, self._columns, body.getbuffer())

    def _rows(self, import_id: int, counts: VisitorCounts) -> Iterator[bytes]:
        packed = [
            numbers.astype(NUMBER).tobytes()
            for numbers in (counts.visitor_ids, counts.events)
        ]
        ends = np.cumsum(counts.sizes) * NUMBER_SIZE
        start = 0
        for keys, end in zip(self._keys_of(import_id, counts), ends.tolist()):
            yield self._encode_head(keys)
            for numbers in packed:
                yield SIZE.pack(end - start)
                yield numbers[start:end]
            start = end

    def _keys_of(self, import_id: int, counts: VisitorCounts) -> Iterator[list[int]]:
        columns = {
            "import_id": repeat(import_id),
            "category_id": counts.categories.tolist(),
            DAY: (counts.days - EPOCH_DAYS).tolist(),
        }
        return map(list, zip(*(columns[key] for key in self._keys)))

    def _encode_head(self, keys: Sequence[int]) -> bytes:
        sized = [part for key in keys for part in (NUMBER_SIZE, key)]
        return self._head.pack(len(self._columns), *sized)
