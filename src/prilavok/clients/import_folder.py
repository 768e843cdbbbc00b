"""Logs in LOG_IMPORT_DIR, and no other file of the machine."""

import os
import stat
from errno import ELOOP
from io import FileIO
from pathlib import Path
from typing import Final, final

from prilavok.domain.imports import UnreadableLog

SEVERAL_LINKS: Final = (
    "{}: this file has {} hard links, and one of them may lie outside of "
    "LOG_IMPORT_DIR. Import a copy of it."
)
OPEN_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Opening a pipe for reading would wait for a writer.
OPEN_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@final
class ImportFolder:
    """Opens files below the folder, step by step, following no symbolic link.

    Files with several hard links are refused: what they hold may be somebody else's.
    """

    def __init__(self, folder: Path | None) -> None:
        """Name the folder; None where imports by path are not wanted."""
        self._folder = folder

    def open(self, path: str) -> FileIO:
        """Open a file to read, or raise ``UnreadableLog``."""
        if self._folder is None:
            raise UnreadableLog("LOG_IMPORT_DIR is not set, so no path can be read.")
        steps = self._steps(path)
        try:
            opened = _open(self._folder, steps)
        except (OSError, ValueError) as error:
            raise UnreadableLog(f"{path}: {_reason(error)}.") from error
        links = os.fstat(opened.fileno()).st_nlink
        if links > 1:
            opened.close()
            raise UnreadableLog(SEVERAL_LINKS.format(path, links))
        return opened

    def _steps(self, path: str) -> list[str]:
        inside = path.removeprefix(os.path.join(str(self._folder), ""))
        steps = inside.split("/")
        if not all(steps) or {".", ".."} & set(steps):
            raise UnreadableLog(f"{path} is not inside LOG_IMPORT_DIR.")
        return steps


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, ValueError):
        return "no such name"
    if error.errno == ELOOP:
        return "symbolic links are not followed"
    return error.strerror or str(error)


def _open(folder: Path, steps: list[str]) -> FileIO:
    """Look at the opened file, not at its name: names may change meanwhile."""
    # The folder itself may be reached by a link: the operator has chosen it.
    current = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for step in steps[:-1]:
            below = os.open(step, OPEN_FOLDER, dir_fd=current)
            os.close(current)
            current = below
        number = os.open(steps[-1], OPEN_FILE, dir_fd=current)
    finally:
        os.close(current)
    if stat.S_ISREG(os.fstat(number).st_mode):
        return FileIO(number, "rb")
    os.close(number)
    raise UnreadableLog("This is no ordinary file.")
