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
        self.columns = tuple(columns)
        self._kinds = columns
        self._row = _row_of(columns)

    async def read(self, driver: Driver, query: str, *binds: object) -> pl.DataFrame:
        """Return what the query selects: the columns of this format, in their order."""
        return self.decode(await read_raw(driver, query, *binds))

    def empty(self) -> pl.DataFrame:
        """Return what reading no rows does."""
        return pl.DataFrame(schema=dict.fromkeys(self.columns, pl.Int64))

    def encode(self, table: str, frame: pl.DataFrame) -> EncodedRows:
        """Encode the frame's rows for a table that has these columns.

        Those that have nulls in the same columns come one after the other.
        """
        # Most columns have none, and polars takes its time for each question.
        may_miss = [name for name in self.columns if frame[name].null_count()]
        if not may_miss:
            return EncodedRows(table, self.columns, self._encode(frame))
        is_null = pl.col(may_miss).is_null()
        alike = frame.group_by(is_null, maintain_order=True)
        body = b"".join(self._encode(rows) for _, rows in alike)
        return EncodedRows(table, self.columns, body)

    def decode(self, raw: bytes) -> pl.DataFrame:
        """Return the rows that COPY has written."""
        rows = np.frombuffer(raw[len(HEADER) : -len(TRAILER)], self._row)
        return pl.DataFrame(
            {
                name: rows[name].astype(np.int64) + EPOCH.get(kind, 0)
                for name, kind in self._kinds.items()
            },
        )

    def _encode(self, frame: pl.DataFrame) -> bytes:
        """Encode rows that have nulls in the same columns."""
        kinds = {
            name: kind
            for name, kind in self._kinds.items()
            if not frame[name].null_count()
        }
        rows = np.zeros(len(frame), _row_of(dict.fromkeys(self.columns) | kinds))
        rows["fields"] = len(self.columns)
        for name in self.columns:
            rows[_size(name)] = self._row[name].itemsize if name in kinds else NULL_SIZE
        for name, kind in kinds.items():
            rows[name] = frame[name].to_numpy() - EPOCH.get(kind, 0)
        return rows.tobytes()


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


def _row_of(kinds: Mapping[str, str | None]) -> np.dtype[Any]:
    """Return what a row looks like; of a column without a kind there is the size."""
    row: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in kinds.items():
        row.append((_size(name), f">{INTEGER}"))
        if kind is not None:
            row.append((name, f">{STORED.get(kind, kind)}"))
    return np.dtype(row)
