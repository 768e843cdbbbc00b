"""DATA_DIR belongs to one supervisor at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Final

from prilavok.embedded.passwords import OWNER_ONLY
from prilavok.embedded.server import ServerError

# Others may pass (PostgreSQL's account, when root starts us), but not look around.
MODE: Final = 0o711
# A web process may finish its requests for half a minute.
PATIENCE_SECONDS: Final = 40
POLL_SECONDS: Final = 0.05


@contextmanager
def data_folder(folder: Path) -> Iterator[int]:
    """Keep the folder to ourselves; yield the lock that children must inherit.

    The kernel frees locks when their holders end, however they end. Children of a
    killed supervisor are still busy for a moment: the second lock, which they hold,
    tells when they have gone. Raises ``ServerError``.
    """
    with _opened(folder, "up.lock") as own, _opened(folder, "web.lock") as web:
        if not _is_locked(own):
            raise ServerError(
                f"Another `make run` or `prilavok up` uses {folder.absolute()}. "
                "Stop it first, or set another DATA_DIR.",
            )
        _await_children(web, folder)
        yield web.fileno()


def _opened(folder: Path, name: str) -> IO[str]:
    try:
        return _open(folder, name)
    except OSError as error:
        raise ServerError(f"DATA_DIR cannot be used: {error}") from error


def _open(folder: Path, name: str) -> IO[str]:
    folder.mkdir(mode=MODE, parents=True, exist_ok=True)
    path = folder / name
    path.touch(OWNER_ONLY)
    # It may be there from before with other rights.
    path.chmod(OWNER_ONLY)
    return path.open("a")


def _await_children(lock: IO[str], folder: Path) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not _is_locked(lock):
        if monotonic() > deadline:
            raise ServerError(f"Processes of an earlier start still use {folder}.")
        sleep(POLL_SECONDS)


def _is_locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
