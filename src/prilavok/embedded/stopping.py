"""Being told to stop, once or many times."""

import signal
from functools import partial
from threading import Event
from types import FrameType
from typing import Final

# The last one: the terminal was closed.
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_event() -> Event:
    """Turn every signal to stop into one event; nothing is interrupted half-done."""
    stopping = Event()
    for number in SIGNALS:
        signal.signal(number, partial(_tell, stopping))
    return stopping


def ignore_stopping() -> None:
    """Let no further signal change the exit code of a process that is ending."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _tell(stopping: Event, number: int, frame: FrameType | None) -> None:
    stopping.set()
