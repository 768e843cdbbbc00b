"""A process of ours that does something and ends."""

from collections.abc import Sequence
from signal import SIGTERM
from subprocess import PIPE, Popen
from typing import Final

from prilavok.embedded.lifeline import lifeline
from prilavok.embedded.server import ServerError
from prilavok.stopping import Stopping

POLL_SECONDS: Final = 0.02


def run_errand(command: Sequence[str], lock: int, stopping: Stopping) -> str:
    """Return what the command prints; it inherits the lock, as children do.

    When we are to stop, it hears so, and may finish what it is doing. Raises
    ``ServerError`` when it fails.
    """
    with Popen(
        (*lifeline(SIGTERM), *command),
        stdout=PIPE,
        # Ctrl-C is for us.
        start_new_session=True,
        pass_fds=(lock,),
    ) as process:
        while process.poll() is None:
            if stopping.wait(POLL_SECONDS):
                process.send_signal(SIGTERM)
                process.wait()
        printed, _ = process.communicate()
        code = process.returncode
    if code:
        words = " ".join(command)
        raise ServerError(f"It failed, its last words are above: {words}")
    return printed.decode()
