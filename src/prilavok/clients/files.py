"""Files that web processes leave for workers: in a folder, or in a bucket."""

from collections.abc import AsyncIterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from io import BytesIO
from pathlib import Path
from shutil import disk_usage
from typing import Any, Final, final

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from prilavok.domain.errors import Unavailable

# Bounded memory: of an upload two such parts are on their way.
PART_BYTES: Final = 5 * 1024 * 1024
PARTS_AT_ONCE: Final = 2
PRIVATE: Final = 0o700
# 256 MiB: others write to the same disk, a database perhaps.
SPARED_BYTES: Final = 268_435_456
READ_BYTES: Final = 1024 * 1024
AWAY: Final = "The file store does not take or give files."


@final
class FileStore:
    """Names are ours alone, never a user's. ``Unavailable`` when the store is away."""

    def __init__(self, url: str) -> None:
        """Use ``file:///folder`` or ``s3://bucket/prefix``."""
        self._url = url
        self._folder: Path | None = None
        if url.startswith("file://"):
            self._folder = Path(url.removeprefix("file://"))

    def has_room(self, size: int) -> bool:
        """Tell whether a file of so many bytes fits; a bucket always has room."""
        if self._folder is None:
            return True
        try:
            self._folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            free = disk_usage(self._folder).free
        except OSError as error:
            raise Unavailable(AWAY) from error
        return free >= size + SPARED_BYTES

    async def put(self, name: str, chunks: AsyncIterable[bytes]) -> None:
        """Keep what comes, whole or not at all; errors of the chunks come through."""
        try:
            await obstore.put_async(
                self._store,
                name,
                aiter(chunks),
                chunk_size=PART_BYTES,
                max_concurrency=PARTS_AT_ONCE,
            )
        except BaseError as error:
            raise Unavailable(AWAY) from error

    def open(self, name: str) -> "StoredFile":
        """Open a file to read; raises ``FileNotFoundError``."""
        return StoredFile(
            obstore.open_reader(self._store, name, buffer_size=READ_BYTES),
        )

    async def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            try:
                await obstore.delete_async(self._store, name)
            except BaseError as error:
                raise Unavailable(AWAY) from error

    async def find_older(self, age: timedelta) -> list[str]:
        """Name the files that are older."""
        before = datetime.now(UTC) - age
        found: list[str] = []
        async for part in obstore.list(self._store):
            found.extend(one["path"] for one in part if one["last_modified"] < before)
        return found

    def remove_parts(self, age: timedelta) -> int:
        """Remove what killed processes left of uploads; tell how many.

        A bucket does so by itself, by a lifecycle rule for incomplete uploads.
        """
        if self._folder is None:
            return 0
        before = (datetime.now(UTC) - age).timestamp()
        # Such names end with `#1`, which the store's own listing leaves out.
        old = [
            part
            for part in self._folder.rglob("*#*")
            if part.is_file() and part.stat().st_mtime < before
        ]
        for part in old:
            part.unlink(missing_ok=True)
        return len(old)

    @cached_property
    def _store(self) -> Any:
        """Open the store when it is needed: few commands need it."""
        if self._folder is not None:
            self._folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        return from_url(self._url)


@final
class StoredFile:
    """A file being read, in the way of Python's raw streams."""

    def __init__(self, reader: Any) -> None:
        """Read from obstore's reader."""
        self._reader = reader
        self.size: int = reader.size

    def readinto(self, room: memoryview) -> int:
        """Fill some of the room; 0 at the end."""
        part = BytesIO(self._reader.read(len(room)))
        return part.readinto(room)

    def close(self) -> None:
        """Let go of it."""
        self._reader.close()
