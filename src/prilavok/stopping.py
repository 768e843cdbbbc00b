"""Being told to stop by signals, once or many times.

Python runs a signal's handler in the main thread between any two of its steps, also
where that thread holds a lock. A handler that sets a ``threading.Event`` then waits
for a lock that its own thread holds. Handlers here do nothing at all: for each signal
the interpreter writes a byte into a socket (``signal.set_wakeup_fd``), whoever waits
polls the other end, and the bytes are never read, so that it stays told.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from select import POLLIN, poll
from socket import socketpair
from types import FrameType
from typing import Final, final

# The last one: the terminal was closed.
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MILLISECONDS: Final = 1000


@final
class Stopping:
    """Whether this process is to stop; takes no lock."""

    def __init__(self) -> None:
        """Open the sockets; nobody has told us yet."""
        reader, writer = socketpair()
        writer.setblocking(False)
        self._reader = reader
        self._writer = writer
        self._poll = poll()
        self._poll.register(self._reader, POLLIN)

    def fileno(self) -> int:
        """Return what becomes readable when we are told, and stays so."""
        return self._reader.fileno()

    def is_set(self) -> bool:
        """Tell whether we are to stop."""
        return self.wait(0)

    def wait(self, seconds: float) -> bool:
        """Return as soon as we are to stop, or after these seconds; tell which."""
        return bool(self._poll.poll(seconds * MILLISECONDS))

    def set(self) -> None:
        """Tell it without a signal."""
        self._writer.send(b"\0")

    def listen(self) -> None:
        """Be told by signals from now on."""
        # A full socket tells as well as one more byte would.
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, _do_nothing)

    def close(self) -> None:
        """Close the sockets."""
        self._reader.close()
        self._writer.close()


@contextmanager
def told_to_stop() -> Iterator[Stopping]:
    """Turn signals into one state; nothing is interrupted half-done.

    Afterwards the process is ending, and no further signal changes its exit code.
    """
    stopping = Stopping()
    stopping.listen()
    try:
        yield stopping
    finally:
        _ignore_signals()
        stopping.close()


def _ignore_signals() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """Be a handler, as without one the interpreter writes no byte."""
