"""A process of ours beside the servers, started again when it ends by itself."""

from collections import deque
from collections.abc import Sequence
from signal import SIGTERM
from subprocess import Popen
from time import monotonic
from typing import Final, final

from prilavok.embedded.lifeline import lifeline
from prilavok.embedded.server import Process, ServerError, end

RESTARTS: Final = 5
WITHIN_SECONDS: Final = 60


@final
class Child:
    """A command in a session of its own, so that Ctrl-C is not for it.

    It inherits ``lock``, and hears SIGTERM when its supervisor dies.
    """

    def __init__(self, command: Sequence[str], lock: int) -> None:
        """Start it."""
        self._command = (*lifeline(SIGTERM), *command)
        self._lock = lock
        self._restarts = deque[float](maxlen=RESTARTS)
        self._process = self._start()

    @property
    def is_running(self) -> bool:
        """Tell whether it has not ended."""
        return self._process.poll() is None

    def revive(self) -> None:
        """Start it again when it has ended; too often is a ``ServerError``."""
        if self.is_running:
            return
        now = monotonic()
        if len(self._restarts) == RESTARTS and now - self._restarts[0] < WITHIN_SECONDS:
            words = " ".join(self._command)
            raise ServerError(f"It ends again and again: {words}")
        self._restarts.append(now)
        self._process = self._start()

    def tell(self) -> None:
        """Tell it to finish what it does and to end; do not wait."""
        self._process.send_signal(SIGTERM)

    def stop(self) -> None:
        """Let it finish what it does, then end it."""
        end(self._process, SIGTERM)

    def _start(self) -> Process:
        return Popen(self._command, start_new_session=True, pass_fds=(self._lock,))
