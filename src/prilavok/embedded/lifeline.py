"""Processes that end with us, whatever ends us."""

from collections.abc import Sequence
from shutil import which
from signal import Signals

from prilavok.embedded.server import ServerError


def lifeline(signal: Signals) -> Sequence[str]:
    """Return the words before a command to which the kernel sends this when we die.

    ``setpriv`` asks for it and then becomes the command, so that nothing stands
    between us and it. Raises ``ServerError`` where there is no setpriv.
    """
    setpriv = which("setpriv")
    if setpriv is None:
        raise ServerError("setpriv is missing; it comes with the package util-linux.")
    return setpriv, f"--pdeathsig={signal.name}"
