"""PostgreSQL's binary COPY, straight from and to columns of numbers.

https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format": a header, then
for every row the number of its fields and for every field its length and its bytes,
most significant first. So an array of records is the encoding of rows of numbers, but
for the bytes of nulls, which have to be left out.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias, final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.repositories.driver import Driver

Bytes: TypeAlias = bytes | memoryview

# Signature, flags, length of the header's extension.
HEADER: Final = b"".join((b"PGCOPY\n\xff\r\n\0", bytes(4), bytes(4)))
TRAILER: Final = b"\xff\xff"
PART_BYTES: Final = 262_144
NULL_SIZE: Final = -1

BOOLEAN: Final = "i1"
SMALLINT: Final = "i2"
INTEGER: Final = "i4"
BIGINT: Final = "i8"
# Our frames count from 1970, PostgreSQL from 2000.
DATE: Final = "days"
TIMESTAMP: Final = "microseconds"
STORED: Final = MappingProxyType({DATE: INTEGER, TIMESTAMP: BIGINT})
EPOCH_DAYS: Final = 10957
DAY: Final = 86_400_000_000
EPOCH: Final = MappingProxyType({DATE: EPOCH_DAYS, TIMESTAMP: EPOCH_DAYS * DAY})


@final
@dataclass(frozen=True, slots=True)
class EncodedRows:
    """Rows of a table as COPY reads them.

    Encoding needs no connection: it can go on in a thread while the database is busy.
    """

    table: str
    columns: Sequence[str]
    body: Bytes

    async def write(self, driver: Driver) -> None:
        """Append them to their table."""
        if not self.body:
            return
        await driver.copy_to_table(
            self.table,
            source=self._parts(),
            columns=list(self.columns),
            format="binary",
        )

    async def _parts(self) -> AsyncIterator[bytes]:
        """Pass on what is in memory; of a file asyncpg reads each part in a thread."""
        yield HEADER
        for start in range(0, len(self.body), PART_BYTES):
            yield bytes(self.body[start : start + PART_BYTES])
        yield TRAILER


@final
class CopyFormat:
    """How rows of some columns are encoded. What is read may have no nulls."""

    def __init__(self, **columns: str) -> None:
        """Name the columns with their types."""
        self.columns = tuple(columns)
        self._kinds = columns
        fields = [
            (part, f">{code}")
            for name, kind in columns.items()
            for part, code in ((_size(name), INTEGER), (name, STORED.get(kind, kind)))
        ]
        self._row = np.dtype([("fields", ">i2"), *fields])
        self._empty = _empty_row(self._row, len(columns))

    async def read(self, driver: Driver, query: str, *binds: object) -> pl.DataFrame:
        """Return what the query selects: the columns of this format, in their order."""
        return self.decode(await read_raw(driver, query, *binds))

    def empty(self) -> pl.DataFrame:
        """Return what reading no rows does."""
        return pl.DataFrame(schema=dict.fromkeys(self.columns, pl.Int64))

    def encode(self, table: str, frame: pl.DataFrame) -> EncodedRows:
        """Encode the frame's rows for a table that has these columns."""
        # As bytes: numpy would copy field by field.
        rows = np.frombuffer(bytearray(self._empty) * len(frame), self._row)
        # Most columns have no nulls, and polars takes its time for each question.
        present = {
            name: frame[name].is_not_null().to_numpy()
            for name in self.columns
            if frame[name].null_count()
        }
        filled = frame.select(self.columns).fill_null(0) if present else frame
        for name, kind in self._kinds.items():
            rows[name] = filled[name].to_numpy() - EPOCH.get(kind, 0)
        for column, is_present in present.items():
            rows[_size(column)][~is_present] = NULL_SIZE
        return EncodedRows(table, self.columns, self._only(present, rows))

    def decode(self, raw: bytes) -> pl.DataFrame:
        """Return the rows that COPY has written."""
        rows = np.frombuffer(raw[len(HEADER) : -len(TRAILER)], self._row)
        return pl.DataFrame(
            {
                name: rows[name].astype(np.int64) + EPOCH.get(kind, 0)
                for name, kind in self._kinds.items()
            },
        )

    def _only(
        self,
        present: Mapping[str, NDArray[np.bool_]],
        rows: NDArray[Any],
    ) -> Bytes:
        """Leave out the bytes of nulls; what is always there is not in ``present``."""
        if not present:
            return rows.view(np.uint8).data
        names = self._row.names or ()
        everywhere = np.ones(len(rows), np.bool_)
        fields = np.column_stack([present.get(name, everywhere) for name in names])
        kept = np.repeat(fields, [self._row[name].itemsize for name in names], axis=1)
        return rows.view(np.uint8).reshape(kept.shape)[kept].tobytes()


async def read_raw(driver: Driver, query: str, *binds: object) -> bytes:
    """Return what a query selects as COPY writes it, with header and trailer."""
    raw = _Buffer()
    await driver.copy_from_query(query, *binds, output=raw.take, format="binary")
    return raw.joined()


@final
class _Buffer:
    """Keeps what COPY sends."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    async def take(self, part: bytes) -> None:
        self._parts.append(part)

    def joined(self) -> bytes:
        return b"".join(self._parts)


def _size(column: str) -> str:
    return f"{column}.size"


def _empty_row(row: np.dtype[Any], fields: int) -> bytes:
    """Return a row of zeros that tells the sizes of its fields."""
    empty = np.zeros((), row)
    empty["fields"] = fields
    for name in row.names or ():
        if _size(name) in (row.fields or {}):
            empty[_size(name)] = row[name].itemsize
    return empty.tobytes()
