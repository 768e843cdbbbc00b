"""Countries by a file in MaxMind's format: GeoLite2, DB-IP, ipinfo and others.

https://maxmind.github.io/MaxMind-DB/ describes it.
"""

import logging
from asyncio import to_thread
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any, Final, TypeAlias, final

import maxminddb

from prilavok.clients.countries.provider import (
    CountriesUnanswered,
    CountryDataUnusable,
)
from prilavok.domain.countries import (
    CountryFailure,
    CountrySource,
    Located,
    read_code,
)

BATCH_SIZE: Final = 20_000
# What the library raises for files that are none, with figures out of all bounds too.
UNREADABLE: Final = (
    OSError,
    ValueError,
    TypeError,
    OverflowError,
    maxminddb.InvalidDatabaseError,
)
Opened: TypeAlias = tuple[CountrySource, maxminddb.Reader]
logger = logging.getLogger(__name__)


@final
class MmdbCountries:
    """Follows the file: who replaces it gets the countries of the new one.

    A file that cannot be read, or only in part yet, changes nothing: the one before it
    goes on telling countries.
    """

    def __init__(self, path: Path) -> None:
        """Look whether it is one; raises ``CountryDataUnusable``."""
        self._path = path
        self._guard = Lock()
        self._opened: Opened | None = None
        self._seen = _signature(path)
        try:
            self._source = _read_source(path)
        except UNREADABLE as error:
            raise CountryDataUnusable(f"COUNTRIES_MMDB: {error}") from error

    @property
    def source(self) -> CountrySource:
        """Name the type and the date of the file that is there now."""
        with self._guard:
            self._follow()
            return self._source

    @property
    def is_remote(self) -> bool:
        """Answers cost nothing."""
        return False

    @property
    def batch_size(self) -> int:
        """Bound the time that a batch takes."""
        return BATCH_SIZE

    async def locate(self, addresses: Sequence[str]) -> Located:
        """Return the countries of the file; addresses that it has not have none."""
        return await to_thread(self._locate, addresses)

    def _locate(self, addresses: Sequence[str]) -> Located:
        with self._guard:
            self._follow()
            source, reader = self._reader()
            try:
                found = {one: _read_record(reader, one) for one in addresses}
            except maxminddb.InvalidDatabaseError as error:
                raise _unanswered(CountryFailure.GARBAGE, error) from error
        return Located(source, found)

    def _follow(self) -> None:
        """Notice another file at the path, once."""
        signature = _signature(self._path)
        if signature == self._seen:
            return
        self._seen = signature
        try:
            self._source = _read_source(self._path)
        except UNREADABLE as error:
            logger.warning("countries file unreadable", extra={"error": str(error)})

    def _reader(self) -> Opened:
        if self._opened is None or self._opened[0] != self._source:
            try:
                self._opened = _open(self._path)
            except UNREADABLE as error:
                logger.warning("countries file unreadable", extra={"error": str(error)})
                if self._opened is None:
                    raise _unanswered(CountryFailure.OUTAGE, error) from error
        return self._opened


def _unanswered(reason: CountryFailure, error: Exception) -> CountriesUnanswered:
    return CountriesUnanswered(reason, f"COUNTRIES_MMDB: {error}")


def _signature(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_ino, status.st_size, status.st_mtime_ns


def _read_source(path: Path) -> CountrySource:
    with maxminddb.open_database(path, maxminddb.MODE_FILE) as reader:
        about = reader.metadata()
    with path.open("rb") as raw:
        digest = file_digest(raw, "sha256").hexdigest()
    built = datetime.fromtimestamp(about.build_epoch, UTC).date().isoformat()
    return CountrySource(
        f"mmdb {about.database_type} {about.build_epoch} {digest}",
        f"{about.database_type} of {built} (file)",
    )


def _open(path: Path) -> Opened:
    # A copy of our own, because whoever overwrites a file that is mapped into memory
    # ends the process that reads it.
    with NamedTemporaryFile() as copy, path.open("rb") as original:
        copyfileobj(original, copy)
        copy.flush()
        reader = maxminddb.open_database(copy.name)
        return _read_source(Path(copy.name)), reader


def _read_record(reader: maxminddb.Reader, address: str) -> str | None:
    """Read the country in MaxMind's form, or in ipinfo's."""
    try:
        record: Any = reader.get(address)
    except ValueError:
        # A file may know IPv4 only.
        return None
    if not isinstance(record, dict):
        return None
    country = record.get("country")
    if isinstance(country, dict):
        return read_code(country.get("iso_code"))
    return read_code(record.get("country_code", country))
