"""Servers that outlived whoever started them, found without trusting a pid file.

A pid file may name a stranger by now. A server of ours is known by what it is: the
program of that name whose working folder is the data folder.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL, Signals
from time import monotonic, sleep
from typing import Final

PATIENCE_SECONDS: Final = 20
POLL_SECONDS: Final = 0.02
PROC: Final = Path("/proc")


def stop_leftovers(
    folder: Path,
    program: str,
    signal: Signals,
    patience_seconds: float = PATIENCE_SECONDS,
) -> None:
    """Return when no such server works in the folder: asked first, killed after."""
    for chosen in (signal, SIGKILL):
        for pid in _working_in(folder, program):
            _send(pid, chosen)
        if _are_gone(folder, program, monotonic() + patience_seconds):
            return


def _are_gone(folder: Path, program: str, deadline: float) -> bool:
    while any(_working_in(folder, program)):
        if monotonic() > deadline:
            return False
        sleep(POLL_SECONDS)
    return True


def _working_in(folder: Path, program: str) -> Iterator[int]:
    wanted = str(folder.resolve())
    for process in PROC.glob("[0-9]*"):
        found = _link(process / "exe").rpartition("/")[-1]
        # The kernel adds " (deleted)" when the package was installed anew meanwhile.
        if found.split(" ")[0] == program and _link(process / "cwd") == wanted:
            yield int(process.name)


def _link(path: Path) -> str:
    try:
        return os.readlink(path)
    except OSError:
        # It ended meanwhile, or it is a stranger's.
        return ""


def _send(pid: int, signal: Signals) -> None:
    try:
        os.kill(pid, signal)
    except ProcessLookupError:
        # It ended by itself, which is what we want.
        return
