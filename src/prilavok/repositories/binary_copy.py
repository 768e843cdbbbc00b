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

Driver: TypeAlias = Any  # asyncpg's connection, as SQLAlchemy's pool lends it

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
    body: bytes

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
            yield self.body[start : start + PART_BYTES]
        yield TRAILER


@final
class CopyFormat:
    """How rows of some columns are encoded. What is read may have no nulls."""

    def __init__(self, **columns: str) -> None:
        """Name the columns with their types."""
        self._columns = columns
        fields = [
            (part, f">{code}")
            for name, kind in columns.items()
            for part, code in ((_size(name), INTEGER), (name, STORED.get(kind, kind)))
        ]
        self._row = np.dtype([("fields", ">i2"), *fields])
        self._places: Mapping[str, Any] = self._row.fields or {}
        self._empty = _empty_row(self._row, len(columns))

    async def read(self, driver: Driver, query: str, *binds: object) -> pl.DataFrame:
        """Return what the query selects: the columns of this format, in their order."""
        raw = _Buffer()
        await driver.copy_from_query(query, *binds, output=raw.take, format="binary")
        return self.decode(raw.joined())

    def encode(self, table: str, frame: pl.DataFrame) -> EncodedRows:
        """Encode the frame's rows for a table that has these columns."""
        rows = np.full(len(frame), self._empty, self._row)
        for name, kind in self._columns.items():
            numbers = frame[name]
            # Most columns have no nulls, and polars takes its time for each question.
            if numbers.null_count():
                rows[_size(name)][numbers.is_null().to_numpy()] = NULL_SIZE
                numbers = numbers.fill_null(0)
            rows[name] = numbers.to_numpy() - EPOCH.get(kind, 0)
        has_nulls = any(frame[column].null_count() for column in self._columns)
        body = self._without_nulls(rows) if has_nulls else rows.tobytes()
        return EncodedRows(table, tuple(self._columns), body)

    def decode(self, raw: bytes) -> pl.DataFrame:
        """Return the rows that COPY has written."""
        rows = np.frombuffer(raw[len(HEADER) : -len(TRAILER)], self._row)
        return pl.DataFrame(
            {
                name: rows[name].astype(np.int64) + EPOCH.get(kind, 0)
                for name, kind in self._columns.items()
            },
        )

    def _without_nulls(self, rows: NDArray[Any]) -> bytes:
        characters = rows.view(np.uint8).reshape(len(rows), self._row.itemsize)
        kept = np.ones_like(characters, np.bool_)
        for name in self._columns:
            field, start = self._places[name][:2]
            is_null = rows[_size(name)] == NULL_SIZE
            kept[is_null, start : start + field.itemsize] = False
        return characters[kept].tobytes()


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


def _empty_row(row: np.dtype[Any], fields: int) -> NDArray[Any]:
    """Return a row of zeros that tells the sizes of its fields."""
    empty = np.zeros((), row)
    empty["fields"] = fields
    for name in row.names or ():
        if _size(name) in (row.fields or {}):
            empty[_size(name)] = row[name].itemsize
    return empty
