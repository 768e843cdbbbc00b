"""Opening a log where it lies."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, final

from prilavok.clients.files import FileStore
from prilavok.clients.import_folder import ImportFolder
from prilavok.domain.import_jobs import LogPlace
from prilavok.domain.imports import UnreadableLog


@final
@dataclass(frozen=True, slots=True)
class LogPlaces:
    """The file store, and the folder of LOG_IMPORT_DIR."""

    files: FileStore
    folder: ImportFolder

    @contextmanager
    def open(self, place: LogPlace) -> Iterator[Any]:
        """Open a raw stream for as long as the block runs; ``UnreadableLog``."""
        with closing(self._open(place)) as stream:
            yield stream

    def _open(self, place: LogPlace) -> Any:
        if place.upload is None:
            return self.folder.open(place.path or "")
        try:
            return self.files.open(place.upload)
        except FileNotFoundError as error:
            raise UnreadableLog("The uploaded file is gone.") from error
